#include "user.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define IMAGE_HOME "/home/dynamodblocal"

enum {
    IMAGE_UID = 1000,
    NOBODY = 65534 /* how a user namespace shows users that it does not know */
};

struct user {
    uid_t uid;
    gid_t gid;
};

static bool has_capabilities(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2] = {0};
    const uint32_t needed = 1u << CAP_SETUID | 1u << CAP_SETGID;
    return syscall(SYS_capget, &header, sets) == 0 && (sets[0].effective & needed) == needed;
}

static bool is_image(struct user *user) {
    struct stat home;
    *user = (struct user){IMAGE_UID, IMAGE_UID};
    return stat(IMAGE_HOME, &home) == 0 && home.st_uid == IMAGE_UID;
}

/* --- the directory ------------------------------------------------------------------------------------------------ */

/* The directory itself, or what there is of the path that leads to it. */
static bool stat_nearest(const char *directory, struct stat *out) {
    char path[PATH_MAX];
    if (snprintf(path, sizeof path, "%s", directory) >= (int)sizeof path)
        return false;
    while (stat(path, out) != 0) {
        char *slash = strrchr(path, '/');
        if (errno != ENOENT || strcmp(path, ".") == 0)
            return false;
        if (slash)
            slash[slash == path] = 0;
        else
            strcpy(path, ".");
    }
    return true;
}

static void make_path(const char *directory) {
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/", directory);
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        mkdir(path, 0755);
        *slash = '/';
    }
}

/* Of root's only, and nothing that has a second name elsewhere. */
static bool give(int fd, struct user user) {
    struct stat stat;
    if (fd < 0)
        return false;
    bool ours = fstat(fd, &stat) == 0 && stat.st_uid == 0 && (S_ISDIR(stat.st_mode) || stat.st_nlink == 1);
    bool given = ours && fchown(fd, user.uid, user.gid) == 0;
    close(fd);
    return given;
}

/* Makes a directory of the user's, or of one of root's. */
static bool hand_over(const char *directory, struct user user) {
    make_path(directory);
    return give(open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC), user);
}

/* A data file that magneto made as root. */
static void hand_over_file(const char *directory, struct user user) {
    int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return;
    (void)give(openat(fd, "magneto.mdb", O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), user);
    close(fd);
}

/* --- the user ----------------------------------------------------------------------------------------------------- */

/* Who serves data in this directory, which is then ready for that user; false: who it is now. */
static bool choose(const char *directory, bool named, struct user *user) {
    struct stat stat;
    if (!directory)
        return is_image(user);
    if (!stat_nearest(directory, &stat))
        return false;
    if (stat.st_uid != 0) {
        *user = (struct user){stat.st_uid, stat.st_gid};
        return stat.st_uid != NOBODY;
    }
    if (!is_image(user))
        return false;
    bool may_write = stat.st_mode & (stat.st_gid == user->gid ? S_IWGRP : S_IWOTH);
    return may_write || (named && hand_over(directory, *user));
}

void user_settle(const char *directory, bool named) {
    struct user user;
    if (geteuid() != 0 || !has_capabilities() || !choose(directory, named, &user))
        return;
    if (directory)
        hand_over_file(directory, user);
    (void)setgroups(0, NULL); /* some user namespaces forbid it */
    if (setgid(user.gid) == 0 && setuid(user.uid) != 0)
        (void)!setgid(0);
}
