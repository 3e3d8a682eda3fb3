/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The label l of a sample (u, i) is guessed from a vector each of its user and product, and
 * sum (f(x_u, y_i) - l)^2 is made small by Adam over batches: f is x_u.y_i (matrix
 * factorisation; Koren, Bell and Volinsky 2009), or with hidden layers a network over both
 * vectors side by side (He et al. 2017, "Neural collaborative filtering").
 */
#include "config.h"

#include "model/feedback.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/job.h"
#include "base/mem.h"
#include "base/rng.h"
#include "math/blas.h"
#include "math/kernel.h"
#include "learn/net.h"
#include "model/layers.h"

enum part { PART_TRAIN, PART_VALID, PART_TEST, PARTS };
static const char *const part_name[PARTS] = {"train", "valid", "test"};

struct sample {
	uint32_t user, product;
	float label;
};

struct learning {
	struct sample *sample;	/* parts one after the other */
	size_t n[PARTS], start[PARTS];
	uint32_t users, products;
	unsigned dim, batch;
	const struct kernels *kernel;
	float *user, *product;	/* (users, dim), (products, dim) */
	struct adam of_user, of_product, of_net;
	struct net net;		/* depth 0: the product of the vectors */
	float *theta, *by_theta;
	struct net_work *work;
	float *inputs, *by_inputs;	/* (batch, 2 dim) */
	float *labels, *answers;	/* (batch) */
	uint64_t steps;
	struct job *job;
};

/* --- samples */

/* NAN: the event is no sample. */
static float label_of(const struct catalog *c, uint64_t event)
{
	enum event_kind k = c->event_kind[event];

	if (k == EVENT_RATING)
		return c->event_rating ? c->event_rating[event] : NAN;
	return k == EVENT_REMOVE ? NAN : c->event_weight[k];
}

static void shuffle(struct sample *s, size_t n, struct rng *rng)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = rng_below(rng, i);
		struct sample x = s[i - 1];

		s[i - 1] = s[j];
		s[j] = x;
	}
}

static bool read_samples(struct learning *l, const struct catalog *c, uint64_t seed,
			 struct err *err)
{
	bool users = c->session_user && c->n_users;
	size_t n = 0;
	struct rng rng;

	l->products = c->n_products;
	l->users = users ? c->n_users + 1 : c->n_sessions;	/* the last one: nobody */
	l->sample = mem_big(c->n_events, sizeof *l->sample, "samples", err);
	if (!l->sample)
		return false;
	for (uint32_t s = 0; s < c->n_sessions; s++)
		for (uint64_t i = c->session_offsets[s]; i < c->session_offsets[s + 1]; i++) {
			uint32_t u = !users ? s : c->session_user[s] < c->n_users ?
				     c->session_user[s] : c->n_users;
			float label = label_of(c, i);

			if (!isnan(label))
				l->sample[n++] = (struct sample){u, c->event_product[i], label};
		}
	if (n < 10)
		return err_fail(err, ERR_NO, "%zu events are too few to learn from", n);
	rng_init(&rng, seed, 0x736d);
	shuffle(l->sample, n, &rng);
	l->n[PART_VALID] = l->n[PART_TEST] = n / 10;
	l->n[PART_TRAIN] = n - 2 * (n / 10);
	l->start[PART_VALID] = l->n[PART_TRAIN];
	l->start[PART_TEST] = l->n[PART_TRAIN] + l->n[PART_VALID];
	return true;
}

/* A mean of squared errors, added up. */
struct error {
	double sum, squares;
	size_t n;
};

static void error_add(struct error *e, double d)
{
	e->sum += d * d;
	e->squares += d * d * d * d;
	e->n++;
}

/* The mean as mse_NAME and its standard error as mse_NAME_se. */
static void error_note(const struct error *e, const char *name, json_t *info)
{
	double n = (double)e->n, mean = e->sum / n;
	STRBUF(key);

	strbuf_addf(&key, "mse_%s", name);
	json_object_set_new(info, strbuf_c(&key), json_real(mean));
	strbuf_adds(&key, "_se");
	json_object_set_new(info, strbuf_c(&key),
			    json_real(sqrt(fmax(e->squares / n - mean * mean, 0) / n)));
}

static double mean_label(const struct learning *l)
{
	double mean = 0;

	for (size_t i = 0; i < l->n[PART_TRAIN]; i++)
		mean += l->sample[i].label / (double)l->n[PART_TRAIN];
	return mean;
}

/* Error of guessing the mean label of the training part. */
static struct error constant_error(const struct learning *l, double mean)
{
	struct error error = {0};

	for (size_t i = 0; i < l->n[PART_TEST]; i++)
		error_add(&error, l->sample[l->start[PART_TEST] + i].label - mean);
	return error;
}

/* --- one batch */

static void gather(struct learning *l, const struct sample *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		memcpy(l->inputs + i * 2 * l->dim, l->user + (size_t)s[i].user * l->dim,
		       l->dim * sizeof(float));
		memcpy(l->inputs + (i * 2 + 1) * l->dim,
		       l->product + (size_t)s[i].product * l->dim, l->dim * sizeof(float));
		l->labels[i] = s[i].label;
	}
}

static void answer(struct learning *l, size_t n)
{
	if (l->net.depth) {
		net_answer(&l->net, l->theta, l->inputs, n, l->answers, l->work);
		return;
	}
	for (size_t i = 0; i < n; i++)
		l->answers[i] = l->kernel->dot(l->inputs + i * 2 * l->dim,
					       l->inputs + (i * 2 + 1) * l->dim, l->dim);
}

/* Of the product of two vectors: the slope by one is the other. */
static double product_gradient(struct learning *l, size_t n)
{
	double loss = 0;

	answer(l, n);
	for (size_t i = 0; i < n; i++) {
		float *x = l->inputs + i * 2 * l->dim, *g = l->by_inputs + i * 2 * l->dim;
		float miss = l->answers[i] - l->labels[i], slope = 2 * miss / (float)n;

		loss += (double)miss * miss / (double)n;
		for (unsigned d = 0; d < l->dim; d++) {
			g[d] = slope * x[l->dim + d];
			g[l->dim + d] = slope * x[d];
		}
	}
	return loss;
}

static double learn(struct learning *l, const struct sample *s, size_t n)
{
	double loss;

	gather(l, s, n);
	l->steps++;
	if (l->net.depth) {
		loss = net_gradient(&l->net, l->theta, l->inputs, l->labels, n, l->by_theta,
				    l->by_inputs, l->work);
		adam_step(&l->of_net, l->theta, 0, l->by_theta, net_size(&l->net), l->steps);
	} else {
		loss = product_gradient(l, n);
	}
	for (size_t i = 0; i < n; i++) {
		const float *g = l->by_inputs + i * 2 * l->dim;

		adam_step(&l->of_user, l->user, (size_t)s[i].user * l->dim, g, l->dim,
			  l->steps);
		adam_step(&l->of_product, l->product, (size_t)s[i].product * l->dim,
			  g + l->dim, l->dim, l->steps);
	}
	return loss;
}

static struct error error_of(struct learning *l, enum part part)
{
	const struct sample *s = l->sample + l->start[part];
	struct error error = {0};

	for (size_t at = 0; at < l->n[part]; at += l->batch) {
		size_t n = l->n[part] - at < l->batch ? l->n[part] - at : l->batch;

		gather(l, s + at, n);
		answer(l, n);
		for (size_t i = 0; i < n; i++)
			error_add(&error, (double)l->answers[i] - l->labels[i]);
	}
	return error;
}

/* --- training */

static void begin(float *x, size_t n, uint64_t seed, uint64_t stream)
{
	struct rng rng;

	rng_init(&rng, seed, stream);
	for (size_t i = 0; i < n; i++)
		x[i] = (float)(0.1 * (rng_real(&rng) - .5));
}

static bool make_room(struct learning *l, const struct params *p, struct hidden_layers h,
		      struct err *err)
{
	double rate = params_real(p, PARAM_ID_RATE);
	size_t users = (size_t)l->users * l->dim, products = (size_t)l->products * l->dim;
	size_t inputs = (size_t)l->batch * 2 * l->dim, size;

	l->net.depth = h.n_hidden ? h.n_hidden + 1 : 0;
	l->net.width[0] = 2 * l->dim;
	for (unsigned i = 0; i < h.n_hidden; i++)
		l->net.width[i + 1] = h.hidden[i];
	l->net.width[l->net.depth] = h.n_hidden ? 1 : 2 * l->dim;
	size = net_size(&l->net);
	l->user = mem_big(users, sizeof *l->user, "factors", err);
	l->product = mem_big(products, sizeof *l->product, "factors", err);
	l->theta = mem_big(size, sizeof *l->theta, "a network", err);
	l->by_theta = mem_big(size, sizeof *l->by_theta, "a network", err);
	l->inputs = mem_big(inputs, sizeof *l->inputs, "a network", err);
	l->by_inputs = mem_big(inputs, sizeof *l->by_inputs, "a network", err);
	l->labels = mem_big(l->batch, sizeof *l->labels, "a network", err);
	l->answers = mem_big(l->batch, sizeof *l->answers, "a network", err);
	l->work = net_work_create(&l->net, l->batch, err);
	if (!l->user || !l->product || !l->theta || !l->by_theta || !l->inputs ||
	    !l->by_inputs || !l->labels || !l->answers || !l->work ||
	    !adam_init(&l->of_user, users, rate, err) ||
	    !adam_init(&l->of_product, products, rate, err) ||
	    !adam_init(&l->of_net, size, rate, err))
		return false;
	begin(l->user, users, p->seed, 1);
	begin(l->product, products, p->seed, 2);
	net_begin(&l->net, l->theta, p->seed);
	return true;
}

static bool run(struct learning *l, const struct params *p, struct sink *s, struct err *err)
{
	uint64_t epochs = params_count(p, PARAM_ID_EPOCHS);
	size_t n = l->n[PART_TRAIN];
	struct rng rng;

	rng_init(&rng, p->seed, 3);
	job_step(l->job, "training", epochs * n);
	for (uint64_t epoch = 0; epoch < epochs; epoch++) {
		double loss = 0;

		shuffle(l->sample, n, &rng);
		for (size_t at = 0; at < n; at += l->batch) {
			size_t rows = n - at < l->batch ? n - at : l->batch;

			loss += learn(l, l->sample + at, rows) * (double)rows;
			job_advance(l->job, rows);
			if (!job_check(l->job, err))
				return false;
		}
		sink_loss(s, loss / (double)n);
	}
	return true;
}

static void note_layers(const struct learning *l, struct sink *s)
{
	layers_note(s, &(struct layer){"users", l->users, l->dim, (uint64_t)l->users * l->dim,
				       NULL});
	layers_note(s, &(struct layer){"products", l->products, l->dim,
				       (uint64_t)l->products * l->dim, NULL});
	if (!l->net.depth)
		layers_note(s, &(struct layer){"product of both", 2 * l->dim, 1, 0, NULL});
	for (unsigned i = 0; i < l->net.depth; i++) {
		uint64_t from = l->net.width[i], to = l->net.width[i + 1];
		bool last = i + 1 == l->net.depth;
		STRBUF(name);

		strbuf_addf(&name, last ? "answer" : "hidden %u", i + 1);
		layers_note(s, &(struct layer){strbuf_c(&name), from, to, (from + 1) * to,
					       last ? NULL : "ReLU"});
	}
}

/* Users and products that nobody met keep no vector. */
static bool keep_factors(struct learning *l, struct sink *s, struct err *err)
{
	void *vectors, *factors;

	if (!sink_reserve(s, "vectors", ARRAY_F32, l->products, l->dim, &vectors, err) ||
	    !sink_reserve(s, "user/factor", ARRAY_F32, l->users, l->dim, &factors, err))
		return false;
	for (size_t i = 0; i < l->n[PART_TRAIN]; i++) {
		size_t at = (size_t)l->sample[i].product * l->dim;
		size_t user = (size_t)l->sample[i].user * l->dim;

		memcpy((float *)vectors + at, l->product + at, l->dim * sizeof(float));
		memcpy((float *)factors + user, l->user + user, l->dim * sizeof(float));
	}
	return !l->net.depth ||
	       (sink_array(s, "net/theta", ARRAY_F32, net_size(&l->net), 1, l->theta, err) &&
		sink_array(s, "net/width", ARRAY_U32, (uint64_t)l->net.depth + 1, 1,
			   l->net.width, err));
}

static bool keep(struct learning *l, struct sink *s, struct err *err)
{
	json_t *info = sink_info(s);
	struct error constant;

	if (!keep_factors(l, s, err))
		return false;
	note_layers(l, s);
	for (enum part part = 0; part < PARTS; part++) {
		struct error error = error_of(l, part);

		error_note(&error, part_name[part], info);
	}
	constant = constant_error(l, mean_label(l));
	json_object_set_new(info, "constant", json_real(mean_label(l)));
	error_note(&constant, "constant", info);
	json_object_set_new(info, "samples", json_integer((json_int_t)(
		l->n[PART_TRAIN] + l->n[PART_VALID] + l->n[PART_TEST])));
	return true;
}

static void finish(struct learning *l)
{
	free(l->sample);
	free(l->user);
	free(l->product);
	free(l->theta);
	free(l->by_theta);
	free(l->inputs);
	free(l->by_inputs);
	free(l->labels);
	free(l->answers);
	net_work_destroy(l->work);
	adam_finish(&l->of_user);
	adam_finish(&l->of_product);
	adam_finish(&l->of_net);
}

bool feedback_train(const struct lesson *lesson, struct hidden_layers h, struct err *err)
{
	struct learning l = {
		.dim = (unsigned)params_count(lesson->params, PARAM_ID_DIM),
		.batch = (unsigned)params_count(lesson->params, PARAM_ID_BATCH_SIZE),
		.kernel = kernels_best(),
		.job = lesson->work.job,
	};
	bool ok = blas_load(err) &&
		  read_samples(&l, lesson->catalog, lesson->params->seed, err) &&
		  make_room(&l, lesson->params, h, err) &&
		  run(&l, lesson->params, lesson->sink, err) && keep(&l, lesson->sink, err);

	finish(&l);
	return ok;
}

/* --- asking */

static bool bind_net(const struct model *m, struct net *n, const float **theta, struct err *err)
{
	struct array of, width;

	if (!model_array(m, "net/theta", ARRAY_F32, &of, err) ||
	    !model_array(m, "net/width", ARRAY_U32, &width, err))
		return false;
	if (width.rows < 2 || width.rows > NET_LAYERS + 1)
		return err_fail(err, ERR_STORE, "the model is damaged: so many layers it can't "
				"have");
	n->depth = (unsigned)width.rows - 1;
	for (unsigned i = 0; i <= n->depth; i++) {
		int32_t w = ((const int32_t *)width.data)[i];

		n->width[i] = w > 0 && w <= 65536 ? (unsigned)w : 0;
	}
	*theta = of.data;
	return (n->width[n->depth] == 1 && net_size(n) == of.rows && blas_load(err)) ||
	       err_fail(err, ERR_STORE, "the model is damaged: its layers don't fit together");
}

static bool any(const float *x, unsigned dim)
{
	for (unsigned i = 0; i < dim; i++)
		if (x[i] != 0)
			return true;
	return false;
}

static bool net_guess(const struct model *m, const float *both, unsigned width, double *label,
		      struct err *err)
{
	SCOPED(net_work) work = NULL;
	struct net n = {0};
	const float *theta;
	float out;

	if (!bind_net(m, &n, &theta, err))
		return false;
	if (n.width[0] != width)
		return err_fail(err, ERR_STORE, "the model is damaged: its network takes other "
				"vectors");
	work = net_work_create(&n, 1, err);
	if (!work)
		return false;
	net_answer(&n, theta, both, 1, &out, work);
	*label = (double)out;
	return true;
}

bool feedback_guess(const struct model *m, uint32_t user, uint32_t product, double *label,
		    struct err *err)
{
	struct array factor, vectors, width;
	SCOPED_FREE float *both = NULL;
	const float *x, *y;
	unsigned dim;

	if (!model_array(m, "user/factor", ARRAY_F32, &factor, err) ||
	    !model_array(m, "vectors", ARRAY_F32, &vectors, err))
		return false;
	dim = vectors.columns;
	if (factor.columns != dim || user >= factor.rows || product >= vectors.rows)
		return err_fail(err, ERR_STORE, "the model is damaged: its factors are not those "
				"of its users");
	x = (const float *)factor.data + (size_t)user * dim;
	y = (const float *)vectors.data + (size_t)product * dim;
	*label = NAN;
	if (!any(x, dim) || !any(y, dim))
		return true;
	if (!m->find(m->ctx, "net/width", &width)) {
		*label = (double)kernels_best()->dot(x, y, dim);
		return true;
	}
	both = mem_alloc(2 * (size_t)dim * sizeof *both);
	memcpy(both, x, dim * sizeof *both);
	memcpy(both + dim, y, dim * sizeof *both);
	return net_guess(m, both, 2 * dim, label, err);
}
