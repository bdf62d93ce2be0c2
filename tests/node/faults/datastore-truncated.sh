# shellcheck shell=bash disable=SC2034
# shellcheck source=../worlds/datastore.sh
. "$here/worlds/datastore.sh"
# state.db ends early.
code=WD3301
break_it() { on_node truncate -s 100K $datastore/state.db; }
mend_it() { unworld; world; }
