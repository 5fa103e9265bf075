# Network namespaces: which there are, what each of them has counted, listens on and is connected to, and calls from them.
use strict;

our $WORLD_PROC = '/run/sandbox/proc';    # shows the processes of the world and of all hosts
our $LAN        = qr{^192\.168\.50\.};

our $HOME;                # the namespace that this program began in: the learner's host
our %SPACES;              # all of them, by the number that /proc shows
my %FIXED;                # those that are no container's, by name

sub contents {
    my ($path) = @_;
    open my $file, '<', $path or return '';
    local $/;
    return scalar(<$file>) // '';
}

# The namespace in this file, which is `name` unless it is known already; nothing if it cannot be opened.
sub space_at {
    my ($name, $path) = @_;
    open my $file, '<', $path or return;
    my $number = (stat $file)[1];
    return $SPACES{$number} //= {number => $number, name => $name, file => $file};
}

sub open_fixed_spaces {
    my ($world) = contents('/run/sandbox/world.pid') =~ /^([0-9]+)/ or cannot('odd-host');
    my %paths = (host => '/proc/1/ns/net', neighbour => '/run/netns/neighbour', router => "$WORLD_PROC/$world/ns/net");
    $paths{second} = '/run/netns/second' if -e '/run/netns/second';
    $FIXED{$_} = space_at($_, $paths{$_}) // cannot('odd-host') for sort keys %paths;
    $HOME = $FIXED{host};
}

sub fixed_space {
    my ($name) = @_;
    return $FIXED{$name};
}

sub enter {
    my ($space) = @_;
    kernel('setns', fileno $space->{file}, NEWNET) or cannot('odd-host');
}

# What DO gives in this namespace.
sub within {
    my ($space, $do) = @_;
    enter($space);
    my @given = eval { $do->() };
    my $trouble = $@;
    enter($HOME);
    die $trouble if $trouble;
    return wantarray ? @given : $given[0];
}

# The counters of a text of /proc/net/snmp that tell who answered.
sub snmp_counters {
    my ($text) = @_;
    my %counted;
    while ($text =~ /^(Tcp|Icmp|Udp): ([^\n]*[A-Za-z][^\n]*)\n\1: ([^\n]*)/mg) {
        my @names = split ' ', $2;
        @counted{map { "$1 $_" } @names} = split ' ', $3;
    }
    return {map { $_ => $counted{$_} // 0 } 'Tcp PassiveOpens', 'Icmp InEchos', 'Udp InDatagrams'};
}

sub counters_in {
    my ($space) = @_;
    return within($space, sub { snmp_counters(contents('/proc/self/net/snmp')) });
}

# The counters of every namespace, by its number.
sub counters {
    return {map { $_ => counters_in($SPACES{$_}) } keys %SPACES};
}

# By how much this counter of each namespace rose: only those that did.
sub risen {
    my ($before, $after, $counter) = @_;
    my %by = map { $_ => $after->{$_}{$counter} - $before->{$_}{$counter} } keys %$before;
    return {map { $_ => $by{$_} } grep { $by{$_} } keys %by};
}

# The rows of texts of /proc/net/tcp and tcp6.
sub tcp_rows {
    my @rows;
    for my $line (map { split /\n/ } @_) {
        my (undef, $local, $remote, $state, undef, undef, undef, undef, undef, $inode) = split ' ', $line;
        next if !defined $inode || $local !~ /^([0-9A-F]+):([0-9A-F]{4})$/;
        push @rows, {address => $1, port => hex $2, remote => $remote, state => $state, inode => $inode};
    }
    return @rows;
}

sub tcp_table {
    my ($space) = @_;
    return within($space, sub { tcp_rows(contents('/proc/self/net/tcp'), contents('/proc/self/net/tcp6')) });
}

# The TCP sockets that listen in a namespace.
sub listening {
    my ($space) = @_;
    return within($space, \&listening_here);
}

# Connections that are or were, without those that only began (02 and 03).
sub connections { return grep { $_->{state} !~ /^(?:0A|02|03)$/ } @_ }

sub tie_of { return "$_[0]{address}:$_[0]{port} $_[0]{remote}" }

# The processes that listen on this port in this namespace, as directories of /proc: one for each socket. What was started
# last is looked at first: the containers' programs, and the proxies for them.
sub listening_processes {
    my ($space, $port, $proc) = @_;
    my %wanted = map { ("socket:[$_->{inode}]" => 1) } grep { $_->{port} == $port } listening($space);
    my @found;
    for my $process (reverse map { "$proc/$_" } sort { $a <=> $b } grep { /^[0-9]+$/ } names_in($proc)) {
        last if !%wanted;
        next if (readlink("$process/ns/net") // '') ne "net:[$space->{number}]";
        my @held = grep { $wanted{$_} } map { readlink("$process/fd/$_") // '' } names_in("$process/fd");
        push @found, $process if @held;
        delete @wanted{@held};
    }
    return @found;
}

sub names_in {
    my ($directory) = @_;
    opendir my $open, $directory or return;
    return readdir $open;
}

# The addresses that a text of /proc/net/fib_trie says are this namespace's own, without loopback's.
sub own_addresses {
    my ($trie) = @_;
    my %own;
    $own{$1} = 1 while $trie =~ m{\|-- ([0-9.]+)\n\s+/32 host LOCAL}g;
    return grep { !/^127\./ } sort keys %own;
}

sub addresses_of {
    my ($space) = @_;
    return within($space, sub { own_addresses(contents('/proc/self/net/fib_trie')) });
}

# Begin a call by TCP; the answer has `socket`, or `outcome` if there is no way.
sub begin_call {
    my ($space, $address, $port) = @_;
    return within($space, sub {
        socket my $socket, ($address =~ /:/ ? AF_INET6 : AF_INET), SOCK_STREAM | NONBLOCK, 0 or return {outcome => 'no way there'};
        my $begun = connect($socket, packed($address, $port)) || $! + 0 == 115;    # EINPROGRESS
        return $begun ? {socket => $socket, address => $address, port => $port} : {outcome => outcome_of($! + 0)};
    });
}

# How the call ended after at most so many seconds: 'connected', 'refused' or another reason.
sub end_of_call {
    my ($call, $most_s) = @_;
    return $call->{outcome} if !$call->{socket};
    vec(my $wanted = '', fileno $call->{socket}, 1) = 1;
    return $call->{outcome} = 'no answer' if select(undef, $wanted, undef, $most_s) <= 0;
    my $error = unpack 'i', getsockopt($call->{socket}, SOL_SOCKET, SO_ERROR);
    return $call->{outcome} = $error ? outcome_of($error) : 'connected';
}

# ECONNREFUSED, ECONNRESET and ETIMEDOUT by their numbers: the module with their names takes as long to load as this runs.
sub outcome_of {
    my ($error) = @_;
    return $error == 111 || $error == 104 ? 'refused' : $error == 110 ? 'no answer' : 'no way there';
}

# What comes in on a socket until it ends or is silent for IDLE_S, at most so many bytes and seconds.
sub received {
    my ($socket, $most_bytes, $most_s, $idle_s) = @_;
    my $all = '';
    my $until = now() + $most_s;
    while (length $all < $most_bytes && (my $left = $until - now()) > 0) {
        vec(my $wanted = '', fileno $socket, 1) = 1;
        my $heard = select $wanted, undef, undef, $idle_s && $all ne '' ? $idle_s : $left;
        last if $heard <= 0 && $idle_s;
        next if $heard <= 0;
        sysread($socket, $all, $most_bytes, length $all) or last;
    }
    return $all;
}

# Seconds since the machine started, to a hundredth.
sub now {
    return (split ' ', contents('/proc/uptime'))[0];
}

sub pause { select undef, undef, undef, $_[0] }

1;
