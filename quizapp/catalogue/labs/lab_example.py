"""The lab that a new one begins as: it works as it stands, and shows most of the format. Knows no file."""

_EXAMPLE = """\
# A lab in one file; docs/content-format.md says what each field means, under "Lab files". This one works as it stands.
id: NAME
title: A web server on a network of its own
summary: Start a container on a network and publish its port.
# The keys of the concepts of notes that it is about. The first one that a note has says where the lab belongs.
concepts: []
tags: [docker]
level: 1
minutes: 5

# Drawn for each run, so that no answer can be copied; it is put in for ${PORT} everywhere.
vars: {PORT: {random: 8100-8999}}

# Run once on each new host, before the learner gets it.
setup: |
  docker network create shop > /dev/null

task: |
  Start a container `web` from the image `nginx` on the network `shop`, so that its page answers at port ${PORT} of this
  host.

# Asked before the host starts. What `happened` prints on a host that is right is the truth.
predict:
  - name: inside
    label: On which port does the program in `web` itself listen?
    kind: number
    happened: docker port web | cut -d / -f 1 | head -n 1
    reveal: The image says so, with `EXPOSE`. The port that you publish is another one, and leads there.

# From cause to symptom: the learner reads the hint of the first that does not hold.
checks:
  - name: runs
    runs: web
    hint: >-
      `web` should be running. Seen: {seen}.
  - name: on-shop
    on_networks: {containers: web, networks: shop}
    hint: >-
      `web` should be on the network `shop`. Seen: {seen}.
  - name: answers
    published: {container: web, port: '${PORT}', port_inside: 80}
    hint: >-
      Its page was called at port ${PORT} of this host. Seen: {seen}.

# A question on the learner's own host after a pass; it changes no rating.
explain:
  name: gateway
  label: Which address of this host is the gateway of `shop`?
  run: docker network inspect -f '{{ (index .IPAM.Config 0).Gateway }}' shop
  compare: address
  hint: Not {typed}. `docker network inspect` has it.

hints:
  - A container's network is chosen where it is started.
  - '`-p HOST_PORT:CONTAINER_PORT` publishes a port.'

# Each must pass, typed on a host of its own. Learners who give up see the first.
solutions:
  - name: All in one command
    run: docker run -d --name web --network shop -p ${PORT}:80 nginx
  - name: Connected afterwards
    run: |
      docker run -d --name web -p ${PORT}:80 nginx
      docker network connect shop web

# Each must fail, at the check that it names.
wrong:
  - run: docker run -d --name web --network shop nginx
    why: Nothing is published.
    fails: answers
  - run: docker run -d --name web -p ${PORT}:80 nginx
    why: It is on the default network alone.
    fails: on-shop
  - run: docker run -d --name shop --network shop -p ${PORT}:80 nginx
    why: The container has another name.
    fails: runs

# Read after the run.
reveal: |
  A network of its own gives containers names for each other. Publishing is another matter: it opens a port of the host.

  ```bash
  docker port web
  ```
"""


def example(name: str) -> str:
    """The text of a new lab that is called `name`."""
    return _EXAMPLE.replace("NAME", name, 1)
