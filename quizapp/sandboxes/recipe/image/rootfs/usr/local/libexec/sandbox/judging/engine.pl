# What the Docker Engines know: containers, networks, images, events. Their answers are the learner's and may say anything.
use strict;

my $PATIENCE_S = 2;
my $SILENT_S   = 0.15;    # after the last event that the engine keeps
my $MOST_BYTES = 4 * 1024 * 1024;
my $SOCKET     = '/proc/1/root/run/docker.sock';
our ($HOME, $WORLD_PROC);
our $NOTED     = '/tmp/noted-after-set-up';    # of the world: no learner's host has this folder

my (%CONTAINERS, %READ);    # by host and name; which hosts' engines were asked

# The answer to GET PATH of the engine of 'host' or 'second'; undef if it says that there is no such thing.
sub asked {
    my ($host, $path) = @_;
    my $socket = $host eq 'host' ? connected_here() : connected_there();
    syswrite $socket, "GET $path HTTP/1.0\r\nHost: docker\r\n\r\n" or cannot('engine-away');
    my $answer = received($socket, $MOST_BYTES, $PATIENCE_S, $path =~ m{^/events} ? $SILENT_S : undef);
    my ($status, $body) = $answer =~ m{\AHTTP/1\.[01] ([0-9]{3}) .*?\r\n\r\n(.*)\z}s or cannot('engine-away');
    return if $status == 404;
    cannot('engine-odd') if $status != 200;
    return $body if $path =~ m{^/events};
    return eval { from_json($body) } // cannot('engine-odd');
}

# The events that the engine keeps: its last 256, and none from before it was started anew.
sub events {
    my $body = asked('host', '/events?since=1&until=' . (time + $PATIENCE_S));    # the end is not waited for
    return [map { eval { from_json($_) } // () } split /\n/, $body];
}

sub connected_here {
    socket my $socket, AF_UNIX, SOCK_STREAM, 0 or cannot('engine-away');
    setsockopt $socket, SOL_SOCKET, $_, pack('l!l!', $PATIENCE_S, 0) for SO_RCVTIMEO, SO_SNDTIMEO;
    connect $socket, packed_path($SOCKET) or cannot('engine-away');
    my ($pid) = unpack 'i', getsockopt($socket, SOL_SOCKET, SO_PEERCRED);
    is_program("/proc/$pid", 'dockerd') or cannot('not-the-engine');
    return $socket;
}

sub connected_there {
    my $call = begin_call($HOME, '192.168.50.11', 2375);
    end_of_call($call, $PATIENCE_S) eq 'connected' or cannot('engine-away');
    return $call->{socket};
}

# Whether a process runs the image's program of this name. The device differs between views of one file, its inode does not.
sub is_program {
    my ($process, $name) = @_;
    my $path = readlink("$process/exe") // '';
    my $inode = (stat $path)[1] // return 0;    # no file of the image
    return $path =~ m{/\Q$name\E\z} && ((stat "$process/exe")[1] // 0) == $inode;
}

# Read the containers of an engine, and open the network namespaces of those that run.
sub read_containers {
    my ($host) = @_;
    return if $READ{$host};
    my $proc = '/proc';
    if ($host ne 'host') {
        my ($pid) = contents("/run/sandbox/$host.pid") =~ /^([0-9]+)/ or cannot('odd-host');
        $proc = "$WORLD_PROC/$pid/root/proc";
    }
    for my $listed (@{asked($host, '/containers/json?all=1')}) {
        my $told = asked($host, "/containers/$listed->{Id}/json") // next;    # it was removed in between
        my $container = container_of($host, $proc, $told);
        $CONTAINERS{$host}{$container->{name}} = $container;
    }
    $READ{$host} = 1;
}

sub container_of {
    my ($host, $proc, $told) = @_;
    my $name = substr $told->{Name}, 1;
    my $pid = $told->{State}{Running} ? $told->{State}{Pid} : 0;
    my $networks = $told->{NetworkSettings}{Networks} // {};
    my $container = {
        id => $told->{Id}, name => $name, host => $host, image => $told->{Image}, status => $told->{State}{Status},
        started => $told->{State}{StartedAt}, mode => $told->{HostConfig}{NetworkMode}, proc => $proc, pid => $pid,
        # after a connect that failed a network is told without an address
        networks => [sort grep { /^(?:none|host)$/ || join '', map { $_ // '' } @{$networks->{$_}}{qw(IPAddress GlobalIPv6Address)} } keys %$networks],
        ports => $told->{NetworkSettings}{Ports} // {},
        asked => [ports_asked_for($told->{HostConfig})],
        given => {map { $_ => $networks->{$_}{IPAddress} // '' } keys %$networks},
    };
    if ($pid) {
        $container->{space} = space_at($name, "$proc/$pid/ns/net") or return {%$container, status => 'exited'};
        push @{$container->{space}{containers}}, $container;
        $container->{files} = readlink "$proc/$pid/ns/mnt";
    }
    return $container;
}

# The options by which ports were asked for when it was made, as `docker run` takes them.
sub ports_asked_for {
    my ($config) = @_;
    my $bindings = $config->{PortBindings} // {};
    my @options;
    for my $port (sort keys %$bindings) {
        push @options, map { '-p ' . (($_->{HostPort} // '') eq '' ? $port : "$_->{HostPort}:$port") } @{$bindings->{$port} // []};
    }
    return @options, $config->{PublishAllPorts} ? '-P' : ();
}

# The container of this name, on the second host if it begins with 'second/'; else the one that had the name when the
# set-up was over, which may be called otherwise by now; undef if there is none.
sub container {
    my ($name) = @_;
    my $host = $name =~ s{^second/}{} ? 'second' : 'host';
    read_containers($host);
    return $CONTAINERS{$host}{$name} if $CONTAINERS{$host}{$name} || $host ne 'host' || !-e $NOTED;
    my $before = noted()->{containers}{$name} // return;
    return (grep { $_->{id} eq $before->{id} } values %{$CONTAINERS{host}})[0];
}

# All containers that were read, host by host and by name, so that what is said of several is the same each time.
sub containers {
    return map { my $of = $CONTAINERS{$_}; map { $of->{$_} } sort keys %$of } sort keys %CONTAINERS;
}

# The container, running; ends the word as failed if it is not there or does not run.
sub running {
    my ($name) = @_;
    my $container = container($name) // failed("no container $name");
    failed("$name has the status $container->{status}") if !$container->{space};
    return $container;
}

# What answers or is called: a container that runs, or one of the hosts of the LAN by its name.
sub target {
    my ($name) = @_;
    my $space = fixed_space($name) // return running($name);
    return {name => "the $name", space => $space, is_host => 1};
}

# Whether one of the container's own programs listens there. What a host of the LAN runs is nobody's to change.
sub listens_itself {
    my ($container, $port) = @_;
    return 1 if $container->{is_host};
    return grep { (readlink("$_/ns/mnt") // '') eq $container->{files} }
        listening_processes($container->{space}, $port, $container->{proc});
}

# Remember what the set-up left, unless that was done before.
sub note {
    return if -e $NOTED;
    read_containers('host');
    my %noted = (
        containers => {map { $_->{name} => {id => $_->{id}, started => $_->{started}, networks => $_->{networks}} } containers()},
        images     => {map { my $id = $_->{Id}; map { ($_ => $id) } @{$_->{RepoTags} // []} } @{asked('host', '/images/json')}},
    );
    open my $file, '>', "$NOTED.$$" or die "nothing can be noted: $!\n";
    print $file to_json(\%noted);
    close $file or die "nothing can be noted: $!\n";
    rename "$NOTED.$$", $NOTED or die "nothing can be noted: $!\n";
}

sub noted {
    my $text = contents($NOTED);
    return $text eq '' ? cannot('nothing-noted') : from_json($text);
}

1;
