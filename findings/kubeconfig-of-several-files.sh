#!/bin/sh
# KUBECONFIG with two files, and the program that asks the cluster. kubectl takes the first file that names a current context
# (its pages: "the first file to set a particular value wins"); Kubernetes' own clients for Python and Node take the last one.
# So at one prompt `kubectl` is at the lab and a script at the production, and nothing is said. And where both files call
# their cluster `default`, as k3s does, the first one's address counts for both in kubectl and in Python; the client for
# Node refuses them: "Duplicate cluster".
# kubectl is Debian 12's (1.20.2). Needs python3, node, npm, apt-get and their package indexes; no cluster. Exits with 1 once this
# has changed.
set -eu
place=$(mktemp -d /tmp/kc.XXXXXX)
trap 'rm -rf "$place"' EXIT
cd "$place"
chmod 755 .
npm install --silent --no-audit --no-fund @kubernetes/client-node@1.4.0 > npm.log 2>&1 || { cat npm.log; exit 2; }
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check kubernetes==37.0.2 2> pip.log || { cat pip.log; exit 2; }
apt-get download --quiet kubernetes-client > apt.log 2>&1 || { cat apt.log; exit 2; }
dpkg --extract ./*.deb root
file() {
    echo '{"apiVersion": "v1", "kind": "Config", "current-context": "'"$1"'",'
    echo '"clusters": [{"name": "'"$3"'", "cluster": {"server": "https://'"$2"':6443"}}],'
    echo '"users": [{"name": "'"$1"'", "user": {"token": "t"}}],'
    echo '"contexts": [{"name": "'"$1"'", "context": {"cluster": "'"$3"'", "user": "'"$1"'"}}]}'
}
file lab 192.0.2.1 lab > lab
file production 192.0.2.2 production > production
file lab 192.0.2.1 default > lab.k3s
file production 192.0.2.2 default > production.k3s
cat > at.py <<'EOT'
from kubernetes import config

print(config.list_kube_config_contexts()[1]["name"], config.new_client_from_config().configuration.host)
EOT
cat > at.mjs <<'EOT'
import { KubeConfig } from "@kubernetes/client-node";

const config = new KubeConfig();
try {
  config.loadFromDefault();
  console.log(config.getCurrentContext(), config.getCurrentCluster().server);
} catch (error) {
  console.log(error.message);
}
EOT
root/usr/bin/kubectl version --client --short
venv/bin/pip list 2> /dev/null | grep '^kubernetes '
npm ls --depth=0 | grep client-node
by_kubectl() { echo "$(root/usr/bin/kubectl config current-context) $(root/usr/bin/kubectl config view --minify -o 'jsonpath={..server}')"; }
export KUBECONFIG="$place/lab:$place/production"
guess=$(by_kubectl) python=$(venv/bin/python at.py 2>&1 | tail -n 1) node=$(node at.mjs)
echo "two files: one would guess, as kubectl: $guess; seen in Python: $python; in Node: $node"
export KUBECONFIG="$place/lab.k3s:$place/production.k3s"
node_k3s=$(node at.mjs)
echo "clusters of one name: by kubectl: $(by_kubectl); in Python: $(venv/bin/python at.py 2>&1 | tail -n 1); in Node: $node_k3s"
test "$guess" = "lab https://192.0.2.1:6443" && test "$python" = "production https://192.0.2.2:6443" &&
    test "$node" = "$python" && test "$node_k3s" = "Duplicate cluster: default"
