# Packets made here and watched for where they should, or should not, arrive.
use strict;

our $CALLS;
our $SENT    = 3;      # of each kind
my $ARRIVE_S = 0.5;    # for what must arrive
my $SILENT_S = 0.2;    # after that, for what must not
my $PING_S   = 1;
my $AGAIN_S  = 0.5;    # until one is sent again, as a call's first packet is: it may be lost while a new cable is found

sub checksum {
    my ($data) = @_;
    my $sum = 0;
    $sum += $_ for unpack 'n*', length($data) % 2 ? "$data\0" : $data;
    $sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
    return ~$sum & 0xffff;
}

sub echo_request {
    my ($id, $sequence) = @_;
    my $rest = pack('n n', $id, $sequence) . 'a check asks.' x 4;
    return pack('C C n', 8, 0, checksum(pack('C C n', 8, 0, 0) . $rest)) . $rest;
}

# The packet that begins a call by TCP, with its IPv4 header.
sub tcp_beginning {
    my ($from, $to, $from_port, $port, $sequence) = @_;
    my ($source, $target) = (in_bytes($from), in_bytes($to));
    my $tcp = pack 'n n N N C C n n n', $from_port, $port, $sequence, 0, 5 << 4, 2, 64240, 0, 0;
    substr($tcp, 16, 2) = pack 'n', checksum($source . $target . pack('C C n', 0, TCP, length $tcp) . $tcp);
    return pack('C C n n n C C n', 0x45, 0, 20 + length $tcp, int rand 65536, 0, 64, TCP, 0) . $source . $target . $tcp;
}

sub raw_socket {
    my ($space, $protocol) = @_;
    return within($space, sub {
        socket my $socket, AF_INET, SOCK_RAW | NONBLOCK, $protocol or cannot('odd-host');
        return $socket;
    });
}

# The packets that came in on a raw socket, without their IPv4 headers.
sub packets_on {
    my ($socket) = @_;
    my @packets;
    while (defined(recv $socket, my $packet, 65536, 0)) {
        push @packets, substr $packet, 4 * (ord($packet) & 0xf);
    }
    return @packets;
}

# The address that this namespace calls that one from; nothing if it has no way there.
sub source_towards {
    my ($space, $address) = @_;
    return within($space, sub {
        socket my $socket, AF_INET, SOCK_DGRAM, 0 or return;
        connect $socket, packed($address, 9) or return;
        return own_end($socket);
    });
}

# How many of $SENT beginnings of a call to each of these ports arrive, by port: `must` are waited for.
sub arrivals {    # `must` is 0 where nothing must
    my ($from, $to, $address, $source, $must, @ports) = @_;
    my $watch = raw_socket($to, TCP);
    my $out = raw_socket($from, AS_IT_IS);
    my (%sent, %seen);
    for my $nth (1 .. $SENT) {
        for my $port (@ports) {
            my $sequence = int rand 2**32;
            $sent{$sequence} = $port;
            send $out, tcp_beginning($source, $address, 20000 + int rand 40000, $port, $sequence), 0, packed($address, 0);
        }
    }
    my %arrived = map { $_ => 0 } @ports;
    my $look = sub {
        for my $packet (packets_on($watch)) {
            my $sequence = unpack 'x4 N', $packet;
            my $port = $sent{$sequence} // next;
            $arrived{$port}++ if !$seen{$sequence}++ && unpack('x2 n', $packet) == $port;
        }
    };
    my $until = now() + $ARRIVE_S;
    $look->(), pause(0.01) while $must && $arrived{$must} < $SENT && now() < $until;
    pause($SILENT_S);
    $look->();
    return \%arrived;
}

# Whether a datagram to a drawn port or to one of @$ports, or a ping, arrives: what did, as phrases. What DO sends and
# waits for goes on meanwhile.
sub arrivals_beside_tcp {
    my ($from, $to, $address, $ports, $do) = @_;
    my %watch = map { $_ => raw_socket($to, $_) } UDP, ICMP;
    my $word = join '', map { chr(97 + int rand 26) } 1 .. 12;
    my $id = 1 + int rand 65535;
    send_datagram($from, $address, $_, $word) for @$ports, 20000 + int rand 40000;
    send raw_socket($from, ICMP), echo_request($id, 1), 0, packed($address, 0);
    $do->();
    my @through;
    push @through, 'by UDP' if grep { index($_, $word) >= 0 } packets_on($watch{UDP()});
    push @through, 'by ping' if grep { my ($type, undef, undef, $of) = unpack 'C C n n', $_; $type == 8 && $of == $id } packets_on($watch{ICMP()});
    return @through;
}

# How many packets the rules with this text have counted, in whatever chain of the table filter they stand.
sub counted_by_rule {
    my ($rules, $text) = @_;
    my $count = 0;
    while ($rules =~ /^\[([0-9]+):[0-9]+\] -A \S+ (.*?)\s*$/mg) {
        $count += $1 if $2 eq $text;
    }
    return $count;
}

# Ping $CALLS times: who counted them, and whether all were answered; `is_last` waits long for each.
sub pinged_once {
    my ($asker, $address, $is_last) = @_;
    my $socket = raw_socket($asker->{space}, ICMP);
    my $id = 1 + int rand 65535;
    my ($before, %answered) = (counters());
    for my $nth (1 .. $CALLS) {
        send $socket, echo_request($id, $nth), 0, packed($address, 0) or return {outcome => 'no way there'};
        my $until = now() + ($is_last ? $PING_S : $AGAIN_S);
        while (!$answered{$nth} && now() < $until) {
            vec(my $wanted = '', fileno $socket, 1) = 1;
            select $wanted, undef, undef, 0.05;
            for my $packet (packets_on($socket)) {
                my ($type, $code, undef, $to, $sequence) = unpack 'C C n n n', $packet;
                $answered{$sequence} = 1 if $type == 0 && $to == $id;
            }
        }
        return {outcome => 'no answer'} if !$answered{$nth};
    }
    return {outcome => 'answered', risen => risen($before, counters(), 'Icmp InEchos')};
}

# The ways in which something from this namespace arrives at the LAN, as sentences; none if it is cut off.
sub ways_out {
    my ($container) = @_;
    my ($space, @ways) = ($container->{space});
    my ($neighbour, $router) = map { fixed_space($_) } 'neighbour', 'router';
    my %at = ('192.168.50.20' => $neighbour, '203.0.113.20' => $router);
    my @drawn = (20000 + int rand 40000, ports_let_through());
    my $word = join '', map { chr(97 + int rand 26) } 1 .. 12;
    my $id = 1 + int rand 65535;
    my (%watch, %sent);
    for my $address (sort keys %at) {
        $watch{$address} = {map { $_ => raw_socket($at{$address}, $_) } TCP, UDP, ICMP};
        my $source = source_towards($space, $address) // next;
        my $out = raw_socket($space, AS_IT_IS);
        my $to = packed($address, 0);
        for my $port (80, @drawn) {
            my $sequence = int rand 2**32;
            $sent{$sequence} = $port;
            send $out, tcp_beginning($source, $address, 20000 + int rand 40000, $port, $sequence), 0, $to;
        }
        send_datagram($space, $address, $_, $word) for @drawn;
        send raw_socket($space, ICMP), echo_request($id, 1), 0, $to;
    }
    pause($SILENT_S);
    for my $address (sort keys %at) {
        my $socket = $watch{$address};
        my $whom = $address eq '192.168.50.20' ? 'the neighbour' : 'example.com';
        my %ports = map { my $port = $sent{unpack 'x4 N', $_}; defined $port ? ($port => 1) : () } packets_on($socket->{TCP()});
        push @ways, map { "reaches $whom at port $_" } sort { $a <=> $b } keys %ports;
        push @ways, "reaches $whom by UDP" if grep { index($_, $word) >= 0 } packets_on($socket->{UDP()});
        push @ways, "pings $whom" if grep { (unpack 'C C n n n', $_)[3] == $id } packets_on($socket->{ICMP()});
    }
    return @ways;
}

1;
