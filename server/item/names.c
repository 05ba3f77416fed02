#include "names.h"

int names_check(struct ctx *ctx, const struct attrs *map, const struct attrs *values,
                const struct legacy_request *legacy) {
    if (value_fault_report_kind(&map->fault, FAULT_NAME, &ctx->err) != 0 ||
        (values && value_fault_report_kind(&values->fault, FAULT_NAME, &ctx->err) != 0))
        return -1;
    return legacy_check_names(ctx, legacy);
}
