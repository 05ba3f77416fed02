/* GetRecords: the next records of a shard (08 sections 4 and 5.4). */
#include "op_stream.h"
#include "shard_iterator.h"
#include "stream_json.h"

struct request {
    struct str iterator;
    struct opt_int limit;
};

#define OFF(member) offsetof(struct request, member)
static const struct member members[] = {
    MEMBER("ShardIterator", M_STRING, OFF(iterator), .flags = M_REQUIRED | M_MIN | M_MAX, .min = 1, .max = 2048),
    MEMBER_STREAM_LIMIT(OFF(limit), LIMIT_RECORDS),
};

static const struct shape shape = {"GetRecordsInput", sizeof(struct request), MEMBERS(members)};

struct place {
    struct stream *stream;
    const struct shard *shard;
};

/* A shard is told from its siblings by its first number. */
static const struct shard *shard_from(const struct stream *stream, uint64_t first_seq) {
    for (uint32_t i = 0; i < stream->shards_n; i++)
        if (stream->shards[i].first_seq == first_seq)
            return &stream->shards[i];
    return NULL;
}

static int find_place(struct ctx *ctx, const struct shard_iterator *iterator, struct place *place) {
    struct stream_name name;
    if (!stream_name_read(&name, iterator->arn))
        return err_msg(&ctx->err, MSG_SHARD_ITERATOR);
    if (ctx->now_ms - iterator->issued_ms >= ITERATOR_LIFETIME_MS)
        return err_set(&ctx->err, ERR_EXPIRED_ITERATOR, "Shard iterator has expired");
    place->stream = op_stream(ctx, &name, iterator->arn);
    if (!place->stream)
        return -1;
    place->shard = shard_from(place->stream, iterator->shard);
    return place->shard ? 0 : op_no_shard(ctx);
}

static int check_trimmed(struct ctx *ctx, const struct place *place, const struct shard_iterator *iterator) {
    uint64_t horizon;
    if (op_store(ctx, stream_horizon(ctx->m->streams, place->shard, op_not_before_ms(ctx), ctx->arena, &horizon)) != 0)
        return -1;
    bool there = iterator->position >= horizon && !stream_lost(place->stream, iterator->position);
    if (there || iterator->from_horizon)
        return 0;
    return err_set(&ctx->err, ERR_TRIMMED_DATA, "The data you are trying to access has been trimmed");
}

struct page {
    struct buf *out;
    const struct stream *stream;
    uint32_t left;
    size_t bytes;
    uint64_t last_seq; /* 0: no record yet */
    bool full;
};

static bool take(void *data, const struct stream_record *record, uint32_t bytes) {
    struct page *page = data;
    page->full = !page->left || (page->last_seq && page->bytes + bytes > LIMIT_RECORDS_BYTES);
    if (page->full)
        return false;
    json_separate(page->out);
    stream_json_record(page->out, page->stream, record);
    page->bytes += bytes;
    page->last_seq = record->seq;
    page->left--;
    return true;
}

/* Only a closed shard that was read to its end has no next iterator. */
static void put_next(struct ctx *ctx, const struct page *page, const struct place *place,
                     struct shard_iterator iterator) {
    if (!page->full && place->shard->last_seq)
        return;
    if (page->last_seq) {
        iterator.position = page->last_seq + 1;
        iterator.from_horizon = false;
    }
    iterator.issued_ms = ctx->now_ms;
    json_member_text(ctx->out, "NextShardIterator", shard_iterator_text(ctx->arena, &iterator));
}

static int run(struct ctx *ctx) {
    const struct request *request = ctx->request;
    struct shard_iterator iterator;
    struct place place = {0};
    if (!shard_iterator_read(&iterator, request->iterator))
        return err_msg(&ctx->err, MSG_SHARD_ITERATOR);
    if (find_place(ctx, &iterator, &place) != 0 || check_trimmed(ctx, &place, &iterator) != 0)
        return -1;
    struct page page = {
        .out = ctx->out,
        .stream = place.stream,
        .left = request->limit.set ? (uint32_t)request->limit.value : LIMIT_RECORDS,
    };
    buf_put_lit(ctx->out, "{\"Records\":[");
    if (op_store(ctx, stream_read(ctx->m->streams, place.shard, iterator.position, op_not_before_ms(ctx), ctx->arena,
                                  take, &page)) != 0)
        return -1;
    buf_put_lit(ctx->out, "]");
    put_next(ctx, &page, &place, iterator);
    buf_put_lit(ctx->out, "}");
    return 0;
}

const struct op op_get_records = {
    .name = "GetRecords",
    .service = OP_STREAMS,
    .shape = &shape,
    .faults = FAULTS_PLACED,
    .run = run,
};
