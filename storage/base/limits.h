/* Every limit of the service and of magneto in one place. Sizes in bytes unless the name says otherwise.
   Sources: spec/11-limits-capacity.md, spec/02-values.md, spec/03-expressions.md section 10. */
#ifndef MAGNETO_LIMITS_H
#define MAGNETO_LIMITS_H

#define LIMIT_BODY_BYTES    (16u << 20) /* request body; over it HTTP 413 */
#define LIMIT_REPLY_BYTES   (64u << 20) /* one reply: JSON can be six times its 1 MB page */
#define LIMIT_ITEM_BYTES    409600u
#define LIMIT_PARTITION_KEY 2048u
#define LIMIT_SORT_KEY      1024u
#define LIMIT_PAGE_BYTES    (1u << 20) /* Query and Scan */
#define LIMIT_NESTING       32         /* a leaf inside 31 containers is accepted */
/* Deeper: SerializationException without message. 2,000 levels of a list are 4,000 of JSON (14 section 4.5). */
#define LIMIT_JSON_DEPTH         4500
#define LIMIT_NUMBER_DIGITS      38
#define LIMIT_PATH_STEPS         32 /* of an expression, the attribute among them */
#define LIMIT_EXPRESSION_BYTES   4096u
#define LIMIT_EXPRESSION_OPS     300
#define LIMIT_IN_OPERANDS        100
#define LIMIT_ATTRIBUTE_NAME     65535u
#define LIMIT_PLACEHOLDER_BYTES  255u
#define LIMIT_PLACEHOLDERS_BYTES (2u << 20) /* names and values maps together */
#define LIMIT_LEGACY_OPERANDS    4096       /* attributes and values of Expected or a filter: chosen, none is known */
#define LIMIT_LEGACY_UPDATES     65535      /* AttributeUpdates: chosen, an item can hardly hold more */
#define LIMIT_BATCH_GET_KEYS     100
#define LIMIT_BATCH_GET_BYTES    (16u << 20)
#define LIMIT_BATCH_WRITES       25
#define LIMIT_TRANSACT_ACTIONS   100
#define LIMIT_TRANSACT_BYTES     (4u << 20)
#define LIMIT_TABLES             2500 /* per namespace */
#define LIMIT_GSIS               20
#define LIMIT_LSIS               5
#define LIMIT_GSI_KEY_ATTRIBUTES 4 /* HASH, and as many RANGE */
#define LIMIT_TAGS               50
#define LIMIT_POLICY_BYTES       20480u
#define LIMIT_KMS_KEY_BYTES      2048u /* of the key service itself */
#define LIMIT_RECORDS            1000
#define LIMIT_RECORDS_BYTES      (1u << 20)
#define LIMIT_STREAM_SHARDS      1000 /* of one stream, closed ones too: chosen, they are one definition */
#define STREAM_RETENTION_MS      (24ll * 3600 * 1000)
#define SHARD_LINGER_MS          (3600ll * 1000) /* longer than an iterator lives */
#define ITERATOR_LIFETIME_MS     (15ll * 60 * 1000)
#define TOKEN_LIFETIME_MS        (10ll * 60 * 1000)

/* Longest logical key of the store: an index entry of 2,048 + 2 * 1,024 bytes (escaped) with its table key behind
   it. */
#define LIMIT_STORE_KEY 12288u

#define LIMIT_DEFINITION_BYTES (1u << 20) /* one record of a table or stream definition */
/* A stream record: two images of LIMIT_ITEM_BYTES, whose numbers may be 44 times as long as their item size (1E-130: 3
   bytes of size, 134 of text). */
#define LIMIT_STREAM_RECORD (64u << 20)

#define LIMIT_CREDENTIAL_BYTES 256u /* access key and region: they become part of store keys */

#define ACCOUNT_ID "000000000000"

#endif
