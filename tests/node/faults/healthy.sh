# shellcheck shell=bash disable=SC2034
# The healthy node passes: exit 0, nothing unknown.
