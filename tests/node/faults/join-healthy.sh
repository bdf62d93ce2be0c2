# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/join.sh
. "$here/worlds/join.sh"
# An agent that may join: nothing fails.
