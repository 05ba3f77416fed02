#include "stream_json.h"

struct str stream_view_name(enum stream_view view) {
    static const char *const names[] = {
        [STREAM_OFF] = "",
        [STREAM_KEYS_ONLY] = "KEYS_ONLY",
        [STREAM_NEW_IMAGE] = "NEW_IMAGE",
        [STREAM_OLD_IMAGE] = "OLD_IMAGE",
        [STREAM_NEW_AND_OLD_IMAGES] = "NEW_AND_OLD_IMAGES",
    };
    return str_of(names[view]);
}

static struct str event_name(enum stream_event event) {
    return event == STREAM_INSERT ? STR("INSERT") : event == STREAM_MODIFY ? STR("MODIFY") : STR("REMOVE");
}

static void put_event_id(struct buf *out, const uint8_t id[16]) {
    char text[32];
    for (int i = 0; i < 32; i++)
        text[i] = "0123456789abcdef"[id[i / 2] >> (i % 2 ? 0 : 4) & 15];
    json_member_text(out, "eventID", str_make(text, sizeof text));
}

static void put_image(struct buf *out, const char *name, const struct val *map) {
    if (map->type == VAL_NONE)
        return;
    json_key(out, name);
    json_put_attrs(out, map, SET_HASHED);
}

static void put_change(struct buf *out, const struct stream_record *record) {
    char seq[STREAM_SEQUENCE_BYTES];
    json_key(out, "dynamodb");
    buf_put_lit(out, "{");
    json_member_integer(out, "ApproximateCreationDateTime", record->created_ms / 1000);
    put_image(out, "Keys", &record->keys);
    put_image(out, "NewImage", &record->new_image);
    put_image(out, "OldImage", &record->old_image);
    json_member_text(out, "SequenceNumber", stream_sequence_text(record->seq, seq));
    json_member_integer(out, "SizeBytes", record->size);
    json_member_text(out, "StreamViewType", stream_view_name(record->view));
    buf_put_lit(out, "}");
}

/* What both have, without the end. */
static void put_common(struct buf *out, const struct stream *stream, const struct stream_record *record) {
    buf_put_lit(out, "{");
    put_event_id(out, record->event_id);
    json_member_text(out, "eventName", event_name(record->event));
    json_member_text(out, "eventVersion", STR("1.1"));
    json_member_text(out, "eventSource", STR("aws:dynamodb"));
    json_member_text(out, "awsRegion", stream->region);
    put_change(out, record);
}

void stream_json_record(struct buf *out, const struct stream *stream, const struct stream_record *record) {
    put_common(out, stream, record);
    if (record->by_ttl)
        buf_put_lit(out, ",\"userIdentity\":{\"PrincipalId\":\"dynamodb.amazonaws.com\",\"Type\":\"Service\"}");
    buf_put_lit(out, "}");
}

void stream_json_event(struct buf *out, const struct stream *stream, const struct stream_record *record,
                       struct str arn) {
    put_common(out, stream, record);
    json_member_text(out, "eventSourceARN", arn);
    if (record->by_ttl)
        buf_put_lit(out, ",\"userIdentity\":{\"type\":\"Service\",\"principalId\":\"dynamodb.amazonaws.com\"}");
    buf_put_lit(out, "}");
}
