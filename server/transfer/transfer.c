#include "transfer.h"

#include "export.h"
#include "import.h"

int transfer_export(const struct transfer *transfer) {
    struct session session;
    session_begin(&session, transfer);
    int rc = export_tables(&session);
    session_end(&session);
    return rc ? 1 : 0;
}

int transfer_import(const struct transfer *transfer) {
    struct session session;
    session_begin(&session, transfer);
    int rc = transfer->from ? import_from_endpoint(&session) : import_directory(&session);
    session_end(&session);
    return rc ? 1 : 0;
}
