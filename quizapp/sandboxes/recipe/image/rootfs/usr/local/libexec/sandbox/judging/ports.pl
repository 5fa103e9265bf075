# Which ports of the learner's host are open to the LAN, however they were opened, and to whom they lead.
use strict;

our ($HOME, $LAN, %SPACES);

my $OPEN_S      = 0.35;
my $CONTROL_S   = 2;      # for a port that nobody listens on to be refused, which tells that calls get there by now
my $PASSED_ON_S = 0.5;    # until docker-proxy, which accepts calls for a container, has called it
my $RELAYED_S   = 0.2;    # the same for another program, which need not be one that passes calls on
my $TENTATIVE_S = 2;      # a second, and up to another before it begins
my $RANGE_MOST  = 300;    # ports of one rule that are tried

# The port numbers that rules name, in a text as iptables-save prints it.
sub ports_in_rules {
    my ($rules) = @_;
    my %ports;
    for my $given ($rules =~ /--(?:dports?|to-ports?) (\S+)/g, $rules =~ /--to-destination \S*?:([0-9-]+)(?:\s|$)/mg) {
        for my $part (split /,/, $given) {
            my ($low, $high) = split /[:-]/, $part;
            next if grep { !/^[0-9]{1,5}$/ } grep { defined } $low, $high;
            $high //= $low;
            $high = $low + $RANGE_MOST if $high > $low + $RANGE_MOST;
            $ports{$_} = 1 for $low .. $high;
        }
    }
    return grep { $_ > 0 && $_ < 65536 } sort { $a <=> $b } keys %ports;
}

# The ports that rules about what is forwarded name: one that lets some through is seen by a packet to one of these.
sub ports_let_through { return ports_in_rules(scalar `iptables-save -t filter 2> /dev/null`) }

# The ports that may be open: those that somebody listens on, and those that a rule names.
sub candidates {
    my %ports;
    for my $space ($HOME, map { $_->{space} // () } containers()) {
        $ports{$_->{port}} = 1 for listening($space);
    }
    $ports{$_} = 1 for ports_in_rules(join '', map { scalar `$_-save -t nat 2> /dev/null` } 'iptables', 'ip6tables');
    return sort { $a <=> $b } keys %ports;
}

# The address of eth0 that IPv6 gives it by itself, and the number of eth0, from a text of /proc/net/if_inet6.
sub own_on_wire {
    my ($text) = @_;
    my ($address, $device, $flags) = $text =~ /^([0-9a-f]{32}) ([0-9a-f]+) \S+ 20 ([0-9a-f]+)\s+eth0$/m or return;
    return {address => $address, device => hex $device, tentative => hex($flags) & 0x40};
}

# The same, once the kernel has seen that nobody else has the address, which it looks for in the first seconds of a host.
sub settled_on_wire {
    my ($space) = @_;
    my $until = now() + $TENTATIVE_S;
    my $own;
    while ($own = own_on_wire(within($space, sub { contents('/proc/self/net/if_inet6') }))) {
        last if !$own->{tentative} || now() >= $until;
        pause(0.1);
    }
    return $own;
}

# The addresses that the neighbour finds the host and its containers at, IPv6 ones of the wire included.
sub addresses_on_lan {
    my %addresses = map { $_ => 1 } grep { /$LAN/ } map { addresses_of($_) } $HOME, map { $_->{space} // () } containers();
    my ($here, $through) = (settled_on_wire($HOME), settled_on_wire(fixed_space('neighbour')));
    $addresses{join(':', $here->{address} =~ /(....)/g) . '%' . $through->{device}} = 1 if $here && $through;
    return sort keys %addresses;
}

# The addresses and ports that the neighbour can open.
sub open_to_lan {
    my $neighbour = fixed_space('neighbour');
    my $control = 20000 + int rand 10000;
    my @ports = ($control, candidates());
    my @calls = grep { $_->{socket} } map { my $to = $_; map { begin_call($neighbour, $to, $_) } @ports } addresses_on_lan();
    my @open;
    my $begun = now();
    while (@calls) {
        my $until = $begun + ((grep { $_->{port} == $control } @calls) ? $CONTROL_S : $OPEN_S);
        last if now() >= $until;
        my $wanted = '';
        vec($wanted, fileno $_->{socket}, 1) = 1 for @calls;
        next if select(undef, $wanted, undef, $until - now() > 0.01 ? $until - now() : 0.01) <= 0;
        push @open, grep { vec($wanted, fileno $_->{socket}, 1) && end_of_call($_, 0) eq 'connected' } @calls;
        @calls = grep { !vec($wanted, fileno $_->{socket}, 1) } @calls;
    }
    # Docker opens a port for IPv6 by itself beside IPv4, where a rule may have closed it: what IPv4 says counts then. A port
    # that is open for IPv6 alone was opened for it.
    my %both = map { $_->{port} => 1 } grep { $_->{address} eq '00000000' } listening($HOME);
    @open = grep { $_->{address} !~ /:/ || !$both{$_->{port}} } @open;
    return sort { $a->{port} <=> $b->{port} } map { {address => $_->{address}, port => $_->{port}} } @open;
}

# The namespaces that took in a call since `before` was counted. What a program of the host accepts reaches a container
# only once that program has had its turn.
sub passed_on {
    my ($before, $port) = @_;
    my ($begun, $most_s) = (now());
    while (1) {
        my $risen = risen($before, counters(), 'Tcp PassiveOpens');
        my $by_host = keys %$risen == 1 && $risen->{$HOME->{number}};
        $most_s //= carried_by_docker($port) ? $PASSED_ON_S : $RELAYED_S if $by_host;
        return map { $SPACES{$_} } sort keys %$risen if !$by_host || now() >= $begun + $most_s;
        pause(0.01);
    }
}

# The containers that a call to this address and port reaches, each with the port inside.
sub led_to {
    my ($address, $port) = @_;
    my $neighbour = {space => fixed_space('neighbour')};
    my $before = counters();
    my $first = called($neighbour, [$address], $port);
    return if $first->{outcome} ne 'connected';
    my @risen = grep { $_->{containers} } passed_on($before, $port);
    my %ties = map { $_->{number} => ties($_) } @risen;
    my $second = called($neighbour, [$address], $port);
    my @found;
    for my $space (@risen) {
        for my $inside (sort keys %{ports_reached($space, $ties{$space->{number}})}) {
            push @found, map { {container => $_, port => $inside} } grep { listens_itself($_, $inside) } @{$space->{containers}};
        }
    }
    return @found;
}

# Where this container listens for more than the host itself, whether or not a rule keeps callers out, as phrases.
sub listens_beyond_host {
    my ($container) = @_;
    my $own = qr/^(?:127\.|::1$)/;
    my @beyond;
    for my $inside (sort keys %{$container->{ports}}) {
        push @beyond, map { "port $_->{HostPort} of $_->{HostIp} is published" } grep { ($_->{HostIp} // '') !~ $own } @{$container->{ports}{$inside} // []};
    }
    return @beyond if $container->{space} != $HOME;
    my %ports = map { $_->{port} => 1 } grep { $_->{address} !~ /^(?:7f......|0{31}1)$/ } listening($HOME);
    return map { "it listens at port $_ of the host" } grep { listens_itself($container, $_) } sort { $a <=> $b } keys %ports;
}

# Each way in from the LAN to these containers or ports that is not among `allowed`, as a phrase.
sub ways_in {
    my ($container, $port_inside, $allowed) = @_;
    my @ways;
    for my $open (open_to_lan()) {
        for my $hit (led_to($open->{address}, $open->{port})) {
            next if defined $container && $hit->{container}{name} ne $container;
            next if defined $port_inside && $hit->{port} != $port_inside;
            next if ($allowed->{$open->{port}} // 0) == $hit->{port};
            my $address = $open->{address} =~ s/%.*//r;
            push @ways, "port $open->{port} of $address leads to port $hit->{port} of $hit->{container}{name}";
        }
    }
    return @ways;
}

1;
