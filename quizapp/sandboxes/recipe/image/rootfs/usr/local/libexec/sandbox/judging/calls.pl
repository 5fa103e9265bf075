# Who answers: calls from one namespace, and what they did to the counters and tables of all others.
use strict;

our ($HOME, %SPACES);

our $CALLS  = 2;      # in a row: small servers have a short queue
my $CALL_S  = 1.3;    # long enough for a lost first packet to be repeated
my $PAGE_S  = 1.5;
my $TRIES   = 3;
my $PAUSE_S = 0.1;
my $COUNT_S = 0.4;    # until a connection has reached whoever counts it
my $PORT_S  = 0.5;    # until one that goes through docker-proxy has reached the container

# Whoever asks: a container, or 'host', 'neighbour', 'second'. `files_at` is the root of its files.
sub asker {
    my ($name) = @_;
    if (my $space = fixed_space($name)) {
        my $at = $name eq 'host' ? '/proc/1/root' : '/nonexistent';
        return {name => $name, space => $space, files_at => $at};
    }
    my $container = running($name);
    return {name => $name, space => $container->{space}, files_at => "$container->{proc}/$container->{pid}/root"};
}

sub who { return join ' and ', map { named($SPACES{$_}) } @_ }

sub named {
    my ($space) = @_;
    my @containers = map { $_->{name} } @{$space->{containers} // []};
    return $space == $HOME || !@containers ? "the $space->{name}" : join ' or ', sort @containers;
}

# Connect to the first of these addresses that answers.
sub called {
    my ($asker, $addresses, $port) = @_;
    my $call;
    for my $address (@$addresses) {
        $call = begin_call($asker->{space}, $address, $port);
        return $call if end_of_call($call, $CALL_S) eq 'connected';
    }
    return $call;
}

# The ports of this namespace that got a connection since `before` was read, which has the ties of that time.
sub ports_reached {
    my ($space, $before) = @_;
    my $until = now() + $PORT_S;
    my %listened = map { $_->{port} => 1 } listening($space);
    while (1) {
        my @new = grep { !$before->{tie_of($_)} && $listened{$_->{port}} } connections(tcp_table($space));
        return {map { $_->{port} => 1 } @new} if @new || now() >= $until;
        pause(0.01);
    }
}

# The ports on which a call from another namespace can be answered. With one of them the counter says all, and the table of
# connections, which takes milliseconds to read, is left alone.
sub ports_for {
    my ($space, $from) = @_;
    my $loopback = $space == $from ? qr/^$/ : qr/^7f/;
    my %ports = map { $_->{port} => 1 } grep { $_->{address} !~ $loopback } listening($space);
    return sort { $a <=> $b } keys %ports;
}

sub ties { return {map { tie_of($_) => 1 } connections(tcp_table($_[0]))} }

# The status and text of the page that is answered on a call; the status is 0 if that is no page.
sub page_of {
    my ($call) = @_;
    syswrite $call->{socket}, "GET / HTTP/1.0\r\nHost: site\r\n\r\n";
    my $text = received($call->{socket}, 65536, $PAGE_S);
    return ($text =~ m{^HTTP/1\.[01] ([0-9]{3})} ? $1 : 0, $text);
}

# Why a page is not the wanted one; nothing if it is.
sub trouble_with_page {
    my ($word, $call) = @_;
    return if !@{$word->{pages} // []};
    my ($status, $text) = page_of($call);
    return 'no page' if !$status;
    return "a page with the status $status" if !grep { $_ == $status } @{$word->{pages}};
    return 'another page' if defined $word->{contains} && index($text, $word->{contains}) < 0;
    return;
}

# One round of $CALLS calls: `failed` with what was seen, `again` if others called as well, or nothing if all is well.
sub round_of_calls {
    my ($word, $target, $asker, $addresses, $port) = @_;
    my $space = $target->{space};
    my @ports = ports_for($space, $asker->{space});
    my ($before, %reached) = (counters(), map { $_ => 1 } @ports == 1 ? @ports : ());
    for my $nth (1 .. $CALLS) {
        my $is_last = $nth == $CALLS;
        my $ties = $is_last && @ports != 1 ? ties($space) : undef;    # none: it may be led on to a loopback's
        my $call = called($asker, $addresses, $port);
        return {failed => $call->{outcome}} if $call->{outcome} ne 'connected';
        %reached = %{ports_reached($space, $ties)} if $ties;
        my $trouble = $is_last ? trouble_with_page($word, $call) : undef;
        return {failed => $trouble} if $trouble;
    }
    my $risen = risen($before, settled($before, $space, 'Tcp PassiveOpens'), 'Tcp PassiveOpens');
    return judged_round($word, $target, $asker, $port, $risen, \%reached);
}

# The counters once this one of a namespace has risen by $CALLS, or after $COUNT_S.
sub settled {
    my ($before, $space, $counter) = @_;
    my $until = now() + $COUNT_S;
    pause(0.005) while counters_in($space)->{$counter} - $before->{$space->{number}}{$counter} < $CALLS && now() < $until;
    return counters();
}

sub judged_round {
    my ($word, $target, $asker, $port, $risen, $reached) = @_;
    my $number = $target->{space}{number};
    my $got = delete $risen->{$number} // 0;
    if (!$got) {
        my @instead = grep { $risen->{$_} >= $CALLS } sort keys %$risen;
        return {failed => @instead ? 'answered by ' . who(@instead) : 'nothing arrives there', decided => scalar @instead};
    }
    delete $risen->{$HOME->{number}} if $risen->{$HOME->{number}} && carried_by_docker($port);
    my @others = grep { $risen->{$_} >= $CALLS } sort keys %$risen;
    my $again = {again => 1, others => \@others, got => %$risen ? 0 : $got, reached => $reached};
    return $again if $got != $CALLS || (%$risen && !$word->{relays});
    return judged_listener($word, $target, $port, $reached);
}

# Whether docker-proxy alone listens on this port of the learner's host.
sub carried_by_docker {
    my ($port) = @_;
    my @processes = listening_processes($HOME, $port, '/proc');
    return @processes && !grep { !is_program($_, 'docker-proxy') } @processes;
}

# Whether the port that the calls reached is the wanted one, and a program of the container's own listens there.
sub judged_listener {
    my ($word, $target, $port, $reached) = @_;
    my $wanted = $word->{port_inside};
    if (!%$reached) {
        return {again => 1, others => []} if !defined $wanted || !listens_itself($target, $wanted);
        $reached = {$wanted => 1};    # it was over before it could be seen
    }
    my @ports = sort keys %$reached;
    return {failed => "answered at its port $ports[0]"} if defined $wanted && !$reached->{$wanted};
    @ports = ($wanted) if defined $wanted;
    return {failed => "a program that is not $target->{name}'s own answers"} if !grep { listens_itself($target, $_) } @ports;
    return {};
}

# The result of `answered_by` for calls from one asker.
sub who_answers {
    my ($word, $target, $from, $name, $port) = @_;
    my $asker = asker($from);
    my @addresses = resolved($asker, $name);
    failed("the name $name is not known") if !@addresses;
    my @rounds;
    for my $try (1 .. $TRIES) {
        my $round = round_of_calls($word, $target, $asker, \@addresses, $port);
        return if !$round->{failed} && !$round->{again};
        push @rounds, $round;
        last if $round->{decided} || ($round->{failed} // '') eq 'no answer';
        pause($PAUSE_S);
    }
    my $last = $rounds[-1];
    failed($last->{failed}) if $last->{failed};
    # Somebody else got as many calls in each round: they were passed on, and not a neighbour's that came in between.
    my %always = map { $_ => 1 } @{$rounds[0]{others}};
    for my $round (@rounds) {
        my %here = map { $_ => 1 } @{$round->{others} // []};
        delete @always{grep { !$here{$_} } keys %always};
    }
    failed('passed on by ' . who(sort keys %always)) if @rounds == $TRIES && %always;
    my $listener = is_passed_on_inside(@rounds) ? judged_listener($word, $target, $port, $last->{reached}) : {again => 1};
    failed($listener->{failed}) if $listener->{failed};
    return if !$listener->{again};
    cannot('busy');
}

# Whether each round had up to two connections for each call, all in the namespace that was called: a program in there passes
# calls on to another one, as a web server does that stands before an application. The second is not always counted yet.
sub is_passed_on_inside {
    my (@rounds) = @_;
    my @like = grep { ($_->{got} // 0) > $CALLS && $_->{got} <= 2 * $CALLS } @rounds;
    return @like == $TRIES;
}

# Datagrams to a port: a namespace counts one when a program reads it.
sub who_reads {
    my ($target, $from, $name, $port) = @_;
    my $asker = asker($from);
    my ($address) = resolved($asker, $name);
    failed("the name $name is not known") if !defined $address;
    my $seen;
    for my $try (1 .. $TRIES) {
        my $before = counters();
        send_datagram($asker->{space}, $address, $port, 'a message of the check') for 1 .. $CALLS;
        my $risen = risen($before, settled($before, $target->{space}, 'Udp InDatagrams'), 'Udp InDatagrams');
        my $got = delete $risen->{$target->{space}{number}} // 0;
        return if $got == $CALLS;
        $seen = $got ? cannot('busy') : (%$risen ? 'read by ' . who(sort keys %$risen) : 'nothing arrives');
        pause($PAUSE_S);
    }
    failed($seen);
}

sub send_datagram {
    my ($space, $address, $port, $text) = @_;
    within($space, sub {
        socket my $socket, AF_INET, SOCK_DGRAM, 0 or return;
        connect $socket, packed($address, $port) and send $socket, $text, 0;
    });
}

1;
