# shellcheck shell=bash disable=SC2034
# Nothing can be pulled in the lab: kubelet's own words about a pull, in an event.
code=WD6101 status=4 arguments=(--fail-on warn --threshold start=1h)
break_it() {
	kubectl create -f - >/dev/null <<Y
apiVersion: v1
kind: Event
metadata: {name: sleeper.pulled}
type: Normal
reason: Pulled
message: 'Successfully pulled image "docker.io/lab/sleeper:1" in 41.012s (43.5s including waiting). Image size: 80000000 bytes.'
source: {component: kubelet, host: $node}
count: 1
firstTimestamp: "$(date -u +%FT%TZ)"
lastTimestamp: "$(date -u +%FT%TZ)"
involvedObject:
  kind: Pod
  namespace: default
  name: sleeper
  uid: $(kubectl get pod sleeper -o 'jsonpath={.metadata.uid}')
  fieldPath: spec.containers{app}
Y
}
mend_it() { delete_events; }
