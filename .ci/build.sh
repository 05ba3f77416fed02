# Sourced by ./start and ./check (POSIX sh): what the machine must have, and how a build directory is made. Everything
# says what it does on stderr and is silent when there is nothing to do.
#
#   need cmake cmake             the command cmake, else the package of that name is wanted
#   need uv.h libuv1-dev         a header
#   install_needed               installs what is wanted: Debian, Ubuntu; elsewhere it names it and ends
#   configure DIR, build DIR     a build directory

say() { echo "magneto: $*" >&2; }
die() { say "$@"; exit 1; }

needed= # packages, separated by blanks

need() {
    case $1 in
    *.h)
        for include in /usr/include /usr/local/include; do
            [ ! -e "$include/$1" ] || return 0
        done
        ;;
    *) ! command -v "$1" >/dev/null || return 0 ;;
    esac
    needed="$needed $2"
}

need_build() {
    need cc gcc
    need stdint.h libc6-dev
    need objcopy binutils
    need cmake cmake
    need ninja ninja-build
    need uv.h libuv1-dev
    need lmdb.h liblmdb-dev
    need md5.h libmd-dev
    need libdeflate.h libdeflate-dev
    # The parser: a library on newer systems, C sources on Debian 12.
    [ -e /usr/share/llhttp/llhttp.c ] || need llhttp.h 'libllhttp-dev|node-llhttp'
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Of a|b the first that the system has.
known_package() {
    for name in $(echo "$1" | tr '|' ' '); do
        if [ -n "$(apt-cache show "$name" 2>/dev/null)" ]; then
            echo "$name"
            return
        fi
    done
    echo "${1##*|}"
}

install_needed() {
    [ -n "$needed" ] || return 0
    command -v apt-get >/dev/null || die "please install first (names of Debian's packages):$needed"
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null || die "please install first, as root: apt-get install$needed"
    say "reading the package lists (apt-get update)"
    as_root apt-get update -qq >&2 || die "apt-get update failed; please install:$needed"
    packages=
    for want in $needed; do
        packages="$packages $(known_package "$want")"
    done
    say "installing$packages"
    # shellcheck disable=SC2086 # a list of names
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >/dev/null ||
        die "apt-get could not install$packages"
    needed=
}

# configure DIR [cmake option...]
configure() {
    local dir=$1
    shift
    mkdir -p "$dir"
    say "configuring ${dir#"$root"/}"
    cmake -S "$root" -B "$dir" -G Ninja "$@" >"$dir/build.log" 2>&1 || die "cmake failed: $(tail -n 20 "$dir/build.log")"
}

# build DIR TARGET...
build() {
    local dir=$1
    shift
    [ -e "$dir/.ninja_log" ] || say "building ${dir#"$root"/}, about a minute the first time"
    ninja -C "$dir" "$@" >"$dir/build.log" 2>&1 || die "the build failed: $(tail -n 40 "$dir/build.log")"
}
