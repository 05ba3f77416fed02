/* Who asks: the access key and region of the AWS environment variables. */
#ifndef MAGNETO_CREDENTIALS_H
#define MAGNETO_CREDENTIALS_H

#include "str.h"

struct credentials {
    struct str access_key, secret, region;
    struct str session_token; /* p NULL: none */
};

/* Views of the environment. Without variables: what a magneto takes from a request that is not signed. */
struct credentials credentials_of_environment(void);

#endif
