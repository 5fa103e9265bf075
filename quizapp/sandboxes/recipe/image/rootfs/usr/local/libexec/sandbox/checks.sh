# What a check's bash knows beside the programs; functions, since a program takes longer to start than these to run.

# once NAME COMMAND…: what the command prints, and its exit code. Checks of one request that give the same NAME share one
# run of it: the first one runs it, the others wait.
once() {
    local file=$REQUEST/$1 code
    shift
    if [ ! -e "$file.code" ]; then
        exec {lock}> "$file.lock"
        flock "$lock"
        if [ ! -e "$file.code" ]; then
            "$@" > "$file.said" 2> "$file.errors" {lock}>&-
            echo $? > "$file.new"
            mv "$file.new" "$file.code"
        fi
        exec {lock}>&-
    fi
    [ ! -s "$file.errors" ] || cat "$file.errors" >&2
    [ ! -s "$file.said" ] || printf '%s\n' "$(< "$file.said")"
    read -r code < "$file.code"
    return "$code"
}

# facts CONTAINER…: what checks mostly ask about these containers, a fact a line; one that is not there has no line, and 1 is the
# exit code then. The engine is asked once for all containers and all checks of a request, by `judge` if it has words to judge.
#   web status running
#   web published 8080:80/tcp 0.0.0.0
#   web asked -p 8080:80/tcp
#   web asked -P
#   web address bridge 172.17.0.2
facts() {
    local name line lines found code=0
    mapfile -t lines < <(once facts judge facts 2> /dev/null)
    for name; do
        found=1
        for line in "${lines[@]}"; do
            [ "${line%% *}" = "$name" ] || continue
            printf '%s\n' "$line"
            found=0
        done
        code=$((code | found))
    done
    return "$code"
}

# http_code URL: the status that is answered within 0.2 seconds; 000 without an answer. Not curl, which loads for 10 ms.
http_code() {
    local said
    said=$(timeout 0.2 busybox wget -q -S -O /dev/null "$1" 2>&1)
    if [[ $said =~ HTTP/1\.[01]\ ([0-9]{3}) ]]; then echo "${BASH_REMATCH[1]}"; else echo 000; fi
}
