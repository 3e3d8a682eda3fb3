/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options are read by name, and what was run is written down epoch by epoch. */
#include "config.h"

#include "model/network.h"

#include <string.h>

#include "base/mem.h"
#include "base/scope.h"
#include "math/blas.h"
#include "model/layers.h"
#include "model/model.h"

/* --item, in the order of its choices. */
extern const struct model_class md_item2vec, md_als, md_bpr, md_deepwalk, md_node2vec;
static const struct model_class *const item_models[] = {
	NULL, &md_item2vec, &md_als, &md_bpr, &md_deepwalk, &md_node2vec,
};

/* The vectors of a model that is trained for them alone, in own. */
static bool learn_items(const struct model_class *class, const struct lesson *l,
			struct sink *own, struct vectors *v, struct err *err)
{
	struct params p;
	struct array a;

	params_init(&p, class->params);
	p.seed = l->params->seed;
	model_settle(class, l->catalog, &p);
	if (!model_train(class, &(struct lesson){l->catalog, &p, own, l->work, NULL}, err))
		return err_context(err, "training %s for its vectors", class->name);
	if (!sink_find(own, "vectors", &a))
		return err_fail(err, ERR_NO, "%s has no vectors", class->name);
	*v = (struct vectors){a.data, (uint32_t)a.rows, a.columns, a.columns};
	return true;
}

bool network_features(struct features *f, const struct lesson *l, struct err *err)
{
	SCOPED(sink) own = sink_create();
	const struct model_class *class = item_models[params_choice(l->params, PARAM_ID_ITEM)];
	struct features_ask ask = {
		.wanted = features_wanted(l->params),
		.buckets = (unsigned)params_count(l->params, PARAM_ID_BUCKETS),
		.text = l->text,
	};
	struct vectors items;

	if (class && !learn_items(class, l, own, &items, err))
		return false;
	ask.item = class ? &items : NULL;
	return features_make(f, l->catalog, &ask, l->work.job, err);
}

bool network_fit(struct fit_net *n, const struct nn_bags *bags, const struct fit_task *task,
		 const struct lesson *l, struct err *err)
{
	const struct fit_options o = {
		.batch = params_count(l->params, PARAM_ID_BATCH_SIZE),
		.most = params_count(l->params, PARAM_ID_PER_EPOCH),
		.epochs = (unsigned)params_count(l->params, PARAM_ID_EPOCHS),
		.patience = (unsigned)params_count(l->params, PARAM_ID_PATIENCE),
		.rate = params_real(l->params, PARAM_ID_RATE),
		.decay = params_real(l->params, PARAM_ID_DECAY),
		.seed = l->params->seed,
	};
	SCOPED_FREE double *loss = mem_alloc(o.epochs * sizeof *loss);
	SCOPED_FREE double *held = mem_alloc(o.epochs * sizeof *held);
	struct fit_result r = {.loss = loss, .held = held};
	json_t *list;

	if (!fit_run(n, bags, task, &o, &r, l->work, err))
		return false;
	list = json_array();
	for (unsigned e = 0; e < r.epochs; e++) {
		sink_loss(l->sink, loss[e]);
		json_array_append_new(list, json_real(held[e]));
	}
	json_object_set_new(sink_info(l->sink), "loss_held_out", list);
	json_object_set_new(sink_info(l->sink), "epoch_kept", json_integer(r.best + 1));
	json_object_set_new(sink_info(l->sink), "units", json_integer((json_int_t)task->units));
	return true;
}

static void note_layers(const struct tower *t, size_t extra, struct sink *s)
{
	const uint64_t f = t->features, h = t->hidden, d = t->dim;

	layers_note(s, &(struct layer){"features", f, h, (f + 1) * h, "tanh"});
	layers_note(s, &(struct layer){"hidden", h, h, (h + 1) * h, "tanh"});
	layers_note(s, &(struct layer){"vector", h, d, (h + 1) * d + 2 * d, "batch norm"});
	if (extra)
		layers_note(s, &(struct layer){"categories and transitions", d, d, extra, NULL});
}

bool network_keep(const struct fit_net *n, size_t extra, struct sink *s, struct err *err)
{
	const struct tower *t = &n->tower;
	void *norm;

	note_layers(t, extra, s);
	if (!sink_array(s, "net/theta", ARRAY_F32, tower_size(t) + extra, 1, n->theta, err) ||
	    !sink_array(s, "net/table", ARRAY_F32, t->features, (uint32_t)t->hidden, n->table,
			err) ||
	    !sink_reserve(s, "net/norm", ARRAY_F32, 2, (uint32_t)t->dim, &norm, err))
		return false;
	memcpy(norm, n->mean, t->dim * sizeof *n->mean);
	memcpy((float *)norm + t->dim, n->inverse, t->dim * sizeof *n->inverse);
	return true;
}

bool network_vector(const struct model *m, const struct features *f, float *vector,
		    struct err *err)
{
	const struct nn_bags bags = {f->offsets, f->column, f->value};
	const uint32_t row = 0;
	struct array theta, table, norm;
	struct tower t;
	struct tower_room room = {.y = vector};

	if (!blas_load(err) || !model_array(m, "net/theta", ARRAY_F32, &theta, err) ||
	    !model_array(m, "net/table", ARRAY_F32, &table, err) ||
	    !model_array(m, "net/norm", ARRAY_F32, &norm, err))
		return false;
	t = (struct tower){table.rows, table.columns, norm.columns};
	if (norm.rows != 2 || theta.rows < tower_size(&t))
		return err_fail(err, ERR_STORE, "the model is damaged: its net doesn't fit: train "
				"it again");
	if (f->width > t.features || m->outside)
		return err_fail(err, ERR_NO, "%s learnt from another import of the store: train it "
				"again", model_name(m));
	SCOPED_FREE float *h = mem_zalloc((2 * t.hidden + t.dim) * sizeof *h);

	room.h1 = h;
	room.h2 = h + t.hidden;
	room.raw = h + 2 * t.hidden;
	room.mean = (float *)(uintptr_t)norm.data;
	room.inverse = room.mean + t.dim;
	tower_raw(&t, (struct tower_weights){theta.data, table.data},
		  &(struct tower_input){&bags, &row, 1}, &room);
	tower_fixed(&t, theta.data, 1, &room);
	return true;
}
