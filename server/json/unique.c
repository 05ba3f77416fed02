/* Finds repeated names in linear time, whatever a client sends: few names by comparison behind a 64-bit filter, many in
   a hash table whose seed a client does not know. Nothing is moved: the first member takes over the last one's value
   token (which says where its inside begins), and the chain of `next` steps over the others. */
#include "unique.h"

#include "text.h"

enum { FEW = 16 };

/* Index of the name behind the member whose name is at `name`. */
static uint32_t following(const struct tape *tape, uint32_t name) { return tape->tokens[name + 1].next; }

static struct str source(const struct tape *tape, uint32_t at) {
    return str_make(tape->text + tape->tokens[at].at, tape->tokens[at].len);
}

/* Whether one of the names before `at` equals the one there; none of them is escaped. */
static bool named_before(const struct tape *tape, uint32_t first, uint32_t at) {
    struct str name = source(tape, at);
    for (uint32_t other = first; other < at; other = following(tape, other))
        if (str_eq(source(tape, other), name))
            return true;
    return false;
}

/* Whether a name may repeat among few members. An escaped name can be spelled in several ways: then it may. */
static bool few_may_repeat(const struct tape *tape, const struct token *object) {
    uint64_t seen = 0;
    uint32_t at = object->first;
    for (uint32_t i = 0; i < object->count; i++, at = following(tape, at)) {
        struct str name = source(tape, at);
        if (tape->tokens[at].escaped)
            return true;
        size_t mix = name.len ? name.len * 7 + (unsigned char)name.p[0] * 5u + (unsigned char)name.p[name.len - 1] : 0;
        uint64_t bit = 1ull << (mix & 63);
        if ((seen & bit) && named_before(tape, object->first, at))
            return true;
        seen |= bit;
    }
    return false;
}

/* Open addressing: slots hold the index of a name token; 0 is free. */
struct names {
    uint32_t *slots;
    uint32_t mask;
    uint64_t seed;
};

static struct names names_new(uint32_t n, struct arena *arena) {
    uint32_t size = 32;
    while (size < n * 2)
        size *= 2;
    uint32_t *slots = ARENA_ARRAY(arena, uint32_t, size);
    return (struct names){slots, size - 1, (uint64_t)(uintptr_t)slots}; /* the seed: where the memory lies */
}

/* The slot of an equal name, or the free one where it belongs. */
static uint32_t *names_slot(const struct names *names, const struct tape *tape, uint32_t at, struct arena *arena) {
    struct str name = token_text(tape, &tape->tokens[at], arena);
    uint32_t *slot = &names->slots[(uint32_t)text_hash(name, names->seed) & names->mask];
    while (*slot && !str_eq(token_text(tape, &tape->tokens[*slot], arena), name))
        slot = slot == &names->slots[names->mask] ? names->slots : slot + 1;
    return slot;
}

/* The member at `again` gives its value to the one of the same name at `first` and leaves the chain. */
static void replace(struct tape *tape, uint32_t first, uint32_t before, uint32_t again) {
    uint32_t first_next = following(tape, first), again_next = following(tape, again);
    tape->tokens[first + 1] = tape->tokens[again + 1];
    tape->tokens[first + 1].next = first_next;
    tape->tokens[before + 1].next = again_next;
}

static void merge(struct tape *tape, struct token *object, struct arena *arena) {
    struct names names = names_new(object->count, arena);
    uint32_t at = object->first, before = at, repeats = 0;
    for (uint32_t i = 0; i < object->count; i++) {
        uint32_t *slot = names_slot(&names, tape, at, arena);
        uint32_t next = following(tape, at);
        if (*slot) {
            replace(tape, *slot, before, at);
            repeats++;
        } else {
            *slot = before = at;
        }
        at = next;
    }
    object->count -= repeats;
}

void unique_members(struct tape *tape, struct token *object, struct arena *arena) {
    if (object->count <= FEW && !few_may_repeat(tape, object))
        return;
    struct arena_mark mark = arena_mark(arena);
    merge(tape, object, arena);
    arena_rewind(arena, mark);
}
