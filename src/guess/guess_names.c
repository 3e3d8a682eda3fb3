/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What shops call their columns, in ten languages. */
#include "config.h"

#include "guess/guess_impl.h"

#include "base/utf8.h"

#define NAME_MAX_BYTES 64

/* Names are compared without case and all but letters and digits; "a b" in a list
 * are two names. A * marks weak ones, that mean other things as often. */
static const char *const role_names[MAPPING_ROLES] = {
	[MAP_TIME] =
		"time timestamp eventtime transactiondt transactiontime purchasetime "
		"reviewtime unixreviewtime saledate salesdate receiptdate billdate "
		"datetimeutc eventtimemicros createdatutc paymentdate paidat eventtime "
		"eventtimestamp eventdate datetime date ts tdat orderdate "
		"orderdatetime "
		"invoicedate purchasedate transactiondate created createdat orderedat "
		"occurredat *day *data zeit zeitstempel zeitpunkt datum bestelldatum "
		"kaufdatum rechnungsdatum *uhrzeit belegdatum auftragsdatum fecha "
		"fechahora fechapedido horodatage datecommande dateachat dateheure "
		"dataora dataordine datahora datapedido tijd tijdstip tijdstempel "
		"besteldatum czas datazamowienia дата время "
		"датазаказа датавремя 时间 日期 订单日期 "
		"下单时间 交易时间 日時 日付 注文日 注文日時 "
		"orderdatum ordredato *dato tidspunkt tidpunkt kopdatum tarih "
		"siparistarihi "
		"fistarihi islemtarihi hittimegmt hittime erdat audat 주문일자 주문일 주문일시 "
		"일시 날짜 "
		"sentdate datumobjednavky datumprodeje *placed",
	[MAP_EVENT] =
		"event eventtype eventname action actiontype behavior behaviortype "
		"etype evttype "
		"eventkind "
		"behaviour interaction interactiontype activity *type ereignis "
		"ereignistyp aktion evento tipoevento accion evenement typeevenement "
		"azione gebeurtenis zdarzenie acao",
	[MAP_PRODUCT] =
		"productid product prodid itemid item itemsku lineitemsku "
		"productsku listingid "
		"articlenumber articleno articlecode itemnumber itemno sku skuid "
		"articleid article stockcode asin gtin *ean *upc *productcode "
		"*itemcode "
		"*model artikel artikelnr artikelnummer artikelid produkt produktid "
		"produktnr produktnummer produit idproduit produitid codeproduit "
		"refproduit referenceproduit producto productoid idproducto "
		"codigoproducto articulo prodotto idprodotto codiceprodotto articolo "
		"codicearticolo produto idproduto codproduto productnummer towar "
		"idtowaru idproduktu *materialnumber *pid *iid movieid bookid isbn "
		"артикул товар кодтовара idтовара "
		"商品编号 商品id 商品编码 商品代码 产品编号 "
		"商品コード 商品番号 品番 "
		"varenr varenummer vare varunummer urunkodu urunid *urun stokkodu "
		"barkod "
		"kodzbozi cislozbozi zbozi kodproduktu symboltowaru barcode matnr "
		"상품코드 상품번호 cikkszam "
		"termekkod κωδικος",
	[MAP_SESSION] =
		"sessionid session usersession visitid visit basketid basket cartid "
		"billno bill billid billnumber transaction transactionid transactionno "
		"transactionnumber transid trxid txnid ticket ticketid ticketno "
		"ticketnumber receiptnumber salesid saleid purchaseid increment "
		"incrementid gasessionid transaktion transaktionsid kassenbon "
		"kassenbonnr bonnummer numticket numerodeticket transaccion "
		"idtransaccion transazione transactie kassabon kassabonnummer paragon "
		"nrparagonu transakcja idtransakcji transacao cupom ordrenummer "
		"bestallning zakaz cek fisno orderid ordernumber orderno ordernr "
		"*order "
		"orderreference orderref salesorder saleorder salesordernumber "
		"orderkey "
		"invoiceno invoice invoicenumber invoiceid receiptid receipt receiptno "
		"sitzung warenkorb bestellung bestellnummer bestellnr bestellid "
		"auftrag "
		"auftragsnr auftragsnummer rechnungsnr rechnungsnummer beleg belegnr "
		"belegnummer bonnr bon commande numcommande numerocommande idcommande "
		"facture numfacture panier pedido idpedido numpedido numeropedido "
		"factura carrito sesion ordine idordine numeroordine fattura scontrino "
		"carrello sessione bestelling bestelnummer zamowienie idzamowienia "
		"nrzamowienia sessao заказ номерзаказа чек "
		"номерчека 订单号 订单编号 订单id 交易号 "
		"注文番号 注文id 伝票番号 "
		"ordrenr kvitto kvittonr kvittonummer kvittering kvitteringsnr "
		"fisnumarasi "
		"siparisno siparisid faturano objednavka cisloobjednavky doklad "
		"cislodokladu "
		"uctenka cislouctenky *sid vbeln 주문번호 "
		"rendelesszam bizonylatszam nyugta αριθμοςπαραγγελιας παραγγελια "
		"checkid",
	[MAP_USER] =
		"userid user uid visitorid visitor customerid customer customerno "
		"customernumber custid clientid client memberid member buyerid buyer "
		"accountid shopperid personid userpseudoid clientpseudoid card cardid "
		"cardno cardnumber loyaltycard loyaltycardnumber loyaltyid "
		"householdkey "
		"household householdid hhid membership membershipno memberno "
		"membernumber consumerid reviewerid mitglied mitgliedsnr "
		"mitgliedsnummer kundenkarte kartennummer kartennr adherent "
		"numadherent "
		"carte numcarte numclient socio idsocio tarjeta membro tessera "
		"cartafedelta lid lidnummer klantenkaart karta nrkarty cartao "
		"klantcode "
		"kunde kundeid kundenid kundennr kundennummer benutzer benutzerid "
		"besucher utilisateur idclient codeclient numclient cliente idcliente "
		"clienteid codigocliente codcliente usuario idusuario utente idutente "
		"klant klantid klantnummer klantnr klient idklienta uzytkownik "
		"клиент покупатель idклиента "
		"кодклиента 用户id 用户 客户编号 客户id 会员号 "
		"会员编号 顧客id 顧客番号 会員番号 "
		"anonymousid fullvisitorid distinctid cookieid deviceid profileid "
		"kundnr "
		"kundnummer kundenr *kund medlem medlemsnr medlemsnummer musterino "
		"musteriid "
		"musterikodu *musteri uyeno zakaznik idzakaznika cislozakaznika "
		"visid kunnr "
		"고객번호 회원번호 고객id vevokod vevo πελατης",
	[MAP_CATEGORY] =
		"categorycode category categorypath categoryname productcategory "
		"productcategories maincategory *department *departmentname "
		"*producttype *producttypename *productgroup *productgroupname "
		"kategorie kategoriepfad warengruppe categorie categorieproduit rayon "
		"categoria categoriaproducto categoriaprodotto reparto kategoria "
		"productcategorie категория 类别 分类 商品分类 "
		"商品类别 カテゴリ カテゴリー 分類 "
		"*kategori varugrupp varegruppe urungrubu *cate",
	[MAP_CATEGORY_ID] =
		"categoryid catid kategorieid idcategorie idcategoria categorieid",
	[MAP_BRAND] =
		"brand brandname manufacturer *vendor *supplier marke hersteller "
		"marque "
		"fabricant marca fabricante produttore merk marka producent бренд "
		"производитель 品牌 ブランド メーカー varumarke maerke znacka",
	[MAP_NAME] =
		"productname itemname lineitemname orderitemname itemtitle title "
		"producttitle *name prodname productdescription itemdescription "
		"*description bezeichnung artikelbezeichnung artikelname produktname "
		"produktbezeichnung libelle designation nomproduit *nombre "
		"nombreproducto descripcion descrizione nomeprodotto *nome nomeproduto "
		"descricao omschrijving productnaam nazwa nazwaproduktu "
		"название наименование "
		"наименованиетовара *商品 商品名称 产品名称 "
		"商品名 品名 itemdesc productdesc *desc "
		"benamning varebetegnelse beskrivning beskrivelse produktnamn "
		"produktnavn "
		"varunamn varenavn urunadi urunismi *nazev nazevzbozi arktx 상품명 "
		"termekneve menuitem περιγραφη",
	[MAP_GROUP] =
		"parentid parentsku parentasin parentproductid stylecode styleid "
		"*productcode modelcode variantof",
	[MAP_PRICE] =
		"price unitprice saleprice sellingprice salesprice itemprice "
		"lineitemprice productprice baseprice netprice grossprice priceeach "
		"retailprice *amount *value preis einzelpreis stueckpreis stuckpreis "
		"vkpreis verkaufspreis prix prixunitaire precio preciounitario prezzo "
		"prezzounitario preco precounitario prijs stuksprijs cena "
		"cenajednostkowa *betrag цена 价格 单价 単価 価格 "
		"pvp pvpunitario valorunitario pu puttc puht pris styckpris "
		"stykpris apris "
		"enhetspris fiyat birimfiyat satisfiyati jednotkovacena netpr 단가 가격 "
		"egysegar τιμη",
	[MAP_QUANTITY] =
		"quantity qty itemquantity lineitemquantity orderqty qtyordered "
		"quantitypurchased orderquantity *units *pieces *count menge anzahl "
		"stueck stuck stk quantite qte cantidad cant unidades piezas pezzi "
		"quantita qta quantidade qtd aantal ilosc количество "
		"колво 数量 件数 個数 "
		"uds ud qtde antal adet miktar mnozstvi kusy kwmeng 수량 mennyiseg "
		"maara ποσοτητα",
	[MAP_COUNTRY] =
		"country countrycode countryname *market land *pais *pays *paese *kraj "
		"страна 国家 国",
	[MAP_CHANNEL] =
		"channel channelid channelname saleschannel saleschannelid *device "
		"*devicetype *platform kanal vertriebskanal canal canalvente "
		"canalventa "
		"canale kanaal",
	[MAP_RATING] =
		"rating ratings stars starrating userrating reviewscore *score *grade "
		"bewertung sterne *note calificacion puntuacion valutazione voto "
		"beoordeling ocena avaliacao",
	[MAP_POSITION] =
		"position sequence seq clickorder *order *step hitnumber eventindex "
		"sequencenumber reihenfolge",
};

static const char *const part_names[] = {
	[PART_YEAR] =
		"year jahr annee ano anno jaar rok",
	[PART_MONTH] =
		"month monat mois mes mese maand miesiac",
	[PART_DAY] =
		"day tag jour dia giorno dag dzien dayofmonth",
	[PART_CLOCK] =
		"time clock timeofday eventtime ordertime invoicetime zeit uhrzeit "
		"hora "
		"heure ora tijd godzina czas 时间 時刻 время saat tid cas transtime",
	[PART_HOUR] =
		"hour hours hourofday hh stunde heure hora ora uur godzina",
	[PART_BOUGHT] =
		"order orders buy buys purchase purchases transaction transactions "
		"invoice "
		"invoices receipt receipts sales sale quantity qty bill billno "
		"lineitem "
		"bestellung bestellungen rechnung kauf kaeufe umsatz menge commande "
		"commandes achat achats ventes facture quantite pedido pedidos compra "
		"compras ventas factura cantidad ordine ordini acquisti vendite vendas "
		"bestelling verkoop zamowienia sprzedaz ilosc заказ заказы "
		"ordre ordrenr ordernr kvitto kvittering antal siparis siparisno "
		"fis adet satis "
		"objednavka objednavky uctenka prodej paragon paragony ticket "
		"ticketno scontrino "
		"bon bonnummer kassenbon "
		"чек продажи 订单号 订单编号 注文番号",
	[PART_TOTAL] =
		"total linetotal totalprice priceline lineamount totalamount "
		"amounttotal itemtotal rowtotal extendedprice linevalue salesvalue "
		"salesamount saleamount turnover revenue itemrevenue grosssales "
		"netsales amount summe gesamt gesamtpreis gesamtbetrag zeilensumme "
		"betrag umsatz positionswert montant montanttotal importe prixtotal "
		"importetotal importo importototale preciototal prezzototale totale "
		"precototal valortotal bedrag totaalbedrag regelbedrag totaal kwota "
		"wartosc suma razem сумма стоимость итого 金额 "
		"总价 金額 合計 "
		"summa radsumma belopp belob linjesum tutar toplam toplamtutar "
		"satirtutari "
		"castka celkem cenacelkem totalsale lineprice netwr 금액 osszesen συνολο",
	[PART_STATUS] =
		"status orderstatus itemstatus financialstatus fulfillmentstatus "
		"paymentstatus orderstate bestellstatus auftragsstatus "
		"statut estadopedido statoordine situacao "
		"статус 状态 订单状态 状態 ステータス durum siparisdurumu stav",
	[PART_STATE] =
		"state zustand etat estado stato tila",
	[PART_NO_PRICE] =
		"shipping ship freight delivery tax vat duty discount coupon refund "
		"refunded fee fees tip gift compare cost costs margin profit weight "
		"versand versandkosten steuer mwst rabatt livraison frais taxe remise "
		"tva envio impuesto descuento iva spedizione sconto frete desconto "
		"korting btw dostawa rabat podatek",
	[PART_PERSONAL] =
		"email emailaddress mail phone phonenumber tel telephone telefon "
		"telefono telefone telefoon mobile cell fax address address1 address2 "
		"addr street street1 street2 zip zipcode postcode postalcode plz "
		"adresse strasse hausnummer calle rue indirizzo direccion endereco "
		"adres ulica ip ipaddress birthday birthdate dateofbirth dob "
		"geburtsdatum firstname lastname surname fullname vorname nachname "
		"prenom nomclient apellido apellidos cognome sobrenome achternaam "
		"voornaam imie nazwisko iban ssn customername clientname buyername "
		"username billingname shippingname recipientname shipname cardholder "
		"kundenname kontakt contactname телефон почта адрес "
		"фамилия имя 电话 手机 手机号 邮箱 地址 姓名 "
		"電話番号 住所 氏名 メール",
};

/* Letters of western alphabets with their marks taken off: U+00C0 to U+00FF, then
 * U+0100 to U+017F. */
static char base_letter(uint32_t c)
{
	static const char letters[] =
		"aaaaaaaceeeeiiiidnooooo ouuuuypsaaaaaaaceeeeiiiidnooooo ouuuuypy"
		"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
		"nnnnnnnnnoooooooorrrrrrsssssssstttttt"
		"uuuuuuuuuuuuwwyyyzzzzzzs";

	return c >= 0xc0 && c <= 0x17f ? letters[c - 0xc0] : 0;
}

static size_t two_bytes(uint32_t c, char *out)
{
	out[0] = (char)(0xc0 | c >> 6);
	out[1] = (char)(0x80 | (c & 0x3f));
	return 2;
}

/* What comes before the type in RecBole's "user_id:token". */
static struct str without_type(struct str name)
{
	static const char *const types[] = {":token", ":float", ":token_seq", ":float_seq"};

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		size_t n = strlen(types[i]);

		if (name.len > n && memcmp(name.ptr + name.len - n, types[i], n) == 0)
			return str_span(name.ptr, name.len - n);
	}
	return name;
}

/* Letters and digits of a name in small letters; other scripts as they are. */
static struct str normal(struct str name, char *out)
{
	size_t n = 0;

	name = without_type(name);
	for (size_t i = 0; i < name.len && n + 4 < NAME_MAX_BYTES;) {
		unsigned char c = (unsigned char)name.ptr[i];
		uint32_t wide;
		size_t from;
		char l;

		if (c < 0x80) {
			i++;
			if (c >= 'A' && c <= 'Z')
				c |= 32;
			if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
				out[n++] = (char)c;
			continue;
		}
		from = i;
		wide = utf8_next(name, &i);
		l = base_letter(wide);
		if (l && l != ' ')
			out[n++] = l;
		else if (wide >= 0x410 && wide <= 0x42f)
			n += two_bytes(wide + 0x20, out + n);
		else if (wide >= 0x370 && wide != UTF8_BAD)
			for (; from < i; from++)
				out[n++] = name.ptr[from];
	}
	return str_span(out, n);
}

/* 2: in the list, 1: in it and weak, 0: not. */
static unsigned listed(const char *list, struct str name)
{
	struct str rest = str_from(list), word;

	while (name.len && str_next(&rest, ' ', &word)) {
		bool weak = word.len && word.ptr[0] == '*';

		if (str_eq(weak ? str_span(word.ptr + 1, word.len - 1) : word, name))
			return weak ? 1 : 2;
	}
	return 0;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (unsigned char)c >= 0x80;
}

/* The next run of letters: "page 2 (clothing model)" has three, "stockCode" two. */
static bool next_word(struct str *rest, struct str *word)
{
	size_t i = 0, start;

	while (i < rest->len && !is_letter(rest->ptr[i]))
		i++;
	start = i;
	while (i < rest->len && is_letter(rest->ptr[i]) &&
	       !(i > start && rest->ptr[i] >= 'A' && rest->ptr[i] <= 'Z' &&
		 rest->ptr[i - 1] >= 'a' && rest->ptr[i - 1] <= 'z'))
		i++;
	*word = str_span(rest->ptr + start, i - start);
	*rest = str_span(rest->ptr + i, rest->len - i);
	return word->len > 0;
}

/* 0 to 10: the whole name, its last words, or any of them. */
static unsigned score_in(const char *list, struct str name)
{
	static const unsigned char whole[] = {0, 5, 10}, tail[] = {0, 4, 8}, part[] = {0, 3, 5};
	char buf[NAME_MAX_BYTES];
	unsigned score = whole[listed(list, normal(name, buf))];
	struct str word;

	name = without_type(name);
	while (score < 8 && next_word(&name, &word)) {
		unsigned s = part[listed(list, normal(word, buf))];

		if (s > score)
			score = s;
		s = tail[listed(list, normal(name, buf))];
		if (s > score)
			score = s;
	}
	return score;
}

/* Little words between others, and what says of a price that taxes are in it or not. */
static bool says_nothing(struct str word)
{
	static const char little[] = "of the de del di du da do des der die das van het no",
			  tax[] = "tax vat incl excl inc ex including excluding mwst iva tva "
				  "btw ttc ht brutto netto lordo bruto";
	char buf[NAME_MAX_BYTES];
	struct str name = normal(word, buf);

	return listed(little, name) || listed(tax, name);
}

static bool is_tax(struct str name)
{
	return score_in("incl excl inc ex including excluding ttc ht brutto lordo", name) >= 5;
}

/* A name without what stands in parentheses and without words that say nothing;
 * false: nothing goes, or nothing is left. */
static bool shorten(struct str name, struct strbuf *out)
{
	size_t paren = str_chr(name, '(');
	struct str word;
	bool gone = paren != SIZE_MAX;

	if (paren == 0)
		return false;
	name.len = gone ? paren : name.len;
	while (next_word(&name, &word)) {
		if (says_nothing(word)) {
			gone = true;
			continue;
		}
		strbuf_adds(out, out->len ? " " : "");
		strbuf_add(out, word);
	}
	return gone && out->len;
}

/* The same, of the name as it is or shortened. */
static unsigned score_of(const char *list, struct str name)
{
	unsigned score = score_in(list, name), shorter;
	STRBUF(b);

	if (score == 10 || !shorten(name, &b))
		return score;
	shorter = score_in(list, strbuf_str(&b));
	return shorter > score ? shorter : score;
}

unsigned guess_name_score(struct str name, enum mapping_key role)
{
	unsigned score = score_of(role_names[role], name);

	if (role == MAP_PRICE && score < 10 && !is_tax(name) &&
	    score_in(part_names[PART_NO_PRICE], name))
		return 0;
	return score;
}

bool guess_name_part(struct str name, enum guess_part part)
{
	unsigned score = score_of(part_names[part], name);

	return score >= (part == PART_BOUGHT || part == PART_NO_PRICE ? 5
			 : part >= PART_HOUR			      ? 8
								      : 10);
}
