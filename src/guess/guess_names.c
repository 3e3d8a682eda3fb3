/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What shops call their columns, in eight languages. */
#include "config.h"

#include "guess/guess_impl.h"

#define NAME_MAX_BYTES 64

/* Names are compared without case and all but letters and digits; "a b" in a list
 * are two names. A * marks weak ones, that mean other things as often. */
static const char *const role_names[MAPPING_ROLES] = {
	[MAP_TIME] =
		"time timestamp eventtime eventtimestamp eventdate datetime date ts "
		"tdat orderdate orderdatetime invoicedate purchasedate "
		"transactiondate created createdat orderedat occurredat *day *data "
		"zeit zeitstempel zeitpunkt datum bestelldatum kaufdatum "
		"rechnungsdatum *uhrzeit fecha fechahora fechapedido horodatage "
		"datecommande dateachat dateheure dataora dataordine datahora "
		"datapedido tijd tijdstip tijdstempel besteldatum czas datazamowienia",
	[MAP_EVENT] =
		"event eventtype eventname action actiontype behavior behaviortype "
		"behaviour interaction interactiontype activity *type ereignis "
		"ereignistyp aktion evento tipoevento accion evenement typeevenement "
		"azione gebeurtenis zdarzenie acao",
	[MAP_PRODUCT] =
		"productid product prodid itemid item sku skuid articleid article "
		"stockcode asin gtin *ean *upc *productcode *itemcode *model artikel "
		"artikelnr artikelnummer artikelid produkt produktid produktnr "
		"produktnummer produit idproduit produitid codeproduit refproduit "
		"referenceproduit producto productoid idproducto codigoproducto "
		"articulo prodotto idprodotto codiceprodotto articolo codicearticolo "
		"produto idproduto codproduto productnummer towar idtowaru idproduktu "
		"*materialnumber *pid *iid movieid bookid isbn",
	[MAP_SESSION] =
		"sessionid session usersession visitid visit basketid basket cartid "
		"orderid ordernumber orderno ordernr *order invoiceno invoice "
		"invoicenumber invoiceid receiptid receipt receiptno *transactionid "
		"*ticket ticketid sitzung warenkorb bestellung bestellnummer "
		"bestellnr bestellid auftrag auftragsnr auftragsnummer rechnungsnr "
		"rechnungsnummer beleg belegnr belegnummer bonnr bon commande "
		"numcommande numerocommande idcommande facture numfacture panier "
		"pedido idpedido numpedido numeropedido factura carrito sesion ordine "
		"idordine numeroordine fattura scontrino carrello sessione bestelling "
		"bestelnummer zamowienie idzamowienia nrzamowienia sessao",
	[MAP_USER] =
		"userid user uid visitorid visitor customerid customer customerno "
		"customernumber custid clientid client memberid member buyerid buyer "
		"accountid shopperid personid kunde kundeid kundenid kundennr "
		"kundennummer benutzer benutzerid besucher utilisateur idclient "
		"codeclient numclient cliente idcliente clienteid codigocliente "
		"codcliente usuario idusuario utente idutente klant klantid "
		"klantnummer klantnr klient idklienta uzytkownik",
	[MAP_CATEGORY] =
		"categorycode category categorypath categoryname productcategory "
		"productcategories maincategory *department *departmentname "
		"*producttype *producttypename *productgroup *productgroupname "
		"kategorie kategoriepfad warengruppe categorie categorieproduit rayon "
		"categoria categoriaproducto categoriaprodotto reparto kategoria "
		"productcategorie",
	[MAP_CATEGORY_ID] =
		"categoryid catid kategorieid idcategorie idcategoria categorieid",
	[MAP_BRAND] =
		"brand brandname manufacturer *vendor *supplier marke hersteller "
		"marque fabricant marca fabricante produttore merk marka producent",
	[MAP_NAME] =
		"productname itemname title producttitle *name prodname "
		"productdescription itemdescription *description bezeichnung "
		"artikelbezeichnung artikelname produktname produktbezeichnung "
		"libelle designation nomproduit *nombre nombreproducto descripcion "
		"descrizione nomeprodotto *nome nomeproduto descricao omschrijving "
		"productnaam nazwa nazwaproduktu",
	[MAP_GROUP] =
		"parentid parentsku parentasin parentproductid stylecode styleid "
		"*productcode modelcode variantof",
	[MAP_PRICE] =
		"price unitprice saleprice sellingprice itemprice *amount *value "
		"*total preis einzelpreis stueckpreis stuckpreis vkpreis "
		"verkaufspreis prix prixunitaire precio preciounitario prezzo "
		"prezzounitario preco precounitario prijs stuksprijs cena "
		"cenajednostkowa *betrag",
	[MAP_QUANTITY] =
		"quantity qty *units *pieces *count menge anzahl stueck stuck stk "
		"quantite qte cantidad cant quantita qta quantidade qtd aantal ilosc",
	[MAP_COUNTRY] =
		"country countrycode countryname *market land *pais *pays *paese "
		"*kraj",
	[MAP_CHANNEL] =
		"channel channelid channelname saleschannel saleschannelid "
		"*device *devicetype *platform kanal vertriebskanal canal canalvente "
		"canalventa canale kanaal",
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
		"hora heure ora tijd godzina czas",
	[PART_BOUGHT] =
		"order orders purchase purchases transaction transactions invoice "
		"invoices receipt sales sale quantity qty bestellung bestellungen "
		"rechnung kauf kaeufe umsatz menge commande commandes achat achats "
		"ventes facture quantite pedido pedidos compra compras ventas factura "
		"cantidad ordine ordini acquisti vendite vendas bestelling verkoop "
		"zamowienia sprzedaz ilosc",
};

/* Letters of western alphabets with their marks taken off (U+00C0 to U+00FF). */
static char base_letter(uint32_t c)
{
	static const char letters[] =
		"aaaaaaaceeeeiiiidnooooo ouuuuypsaaaaaaaceeeeiiiidnooooo ouuuuypy";

	return c >= 0xc0 && c <= 0xff ? letters[c - 0xc0] : 0;
}

/* Letters and digits of a name in small letters. */
static struct str normal(struct str name, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < name.len && n < NAME_MAX_BYTES; i++) {
		unsigned char c = (unsigned char)name.ptr[i];
		char l;

		if (c >= 'A' && c <= 'Z')
			c |= 32;
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
			out[n++] = (char)c;
		} else if (c == 0xc3 && i + 1 < name.len) {
			l = base_letter(0xc0 + ((unsigned char)name.ptr[++i] & 0x3f));
			if (l && l != ' ')
				out[n++] = l;
		}
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

unsigned guess_name_score(struct str name, enum mapping_key role)
{
	static const unsigned char whole[] = {0, 5, 10}, part[] = {0, 3, 5};
	char buf[NAME_MAX_BYTES];
	unsigned score = whole[listed(role_names[role], normal(name, buf))];
	struct str word;

	while (score < 5 && next_word(&name, &word)) {
		unsigned s = part[listed(role_names[role], normal(word, buf))];

		if (s > score)
			score = s;
	}
	return score;
}

bool guess_name_part(struct str name, enum guess_part part)
{
	char buf[NAME_MAX_BYTES];
	struct str word;

	if (listed(part_names[part], normal(name, buf)))
		return true;
	while (part == PART_BOUGHT && next_word(&name, &word))
		if (listed(part_names[part], normal(word, buf)))
			return true;
	return false;
}
