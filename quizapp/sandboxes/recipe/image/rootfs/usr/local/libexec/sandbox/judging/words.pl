# The words that checks are made of. Each takes its fields and returns what was seen; `failed` and `cannot` end it.
use strict;

sub failed { die {verdict => 'fail',            seen => $_[0], why => ''} }
sub cannot { die {verdict => 'could-not-check', seen => '',    why => $_[0]} }

our ($HOME, $CALLS, $SENT, $ENGINES_SERVER);

# The port of the host that the engine says it published this one at.
sub published_port {
    my ($container, $inside) = @_;
    my $bound = $container->{ports}{"$inside/tcp"} // [];
    my ($port) = map { $_->{HostPort} } grep { ($_->{HostPort} // '') =~ /^[1-9][0-9]*$/ } @$bound;
    return $port // failed("port $inside of $container->{name} is published nowhere");
}

# Fails unless a packet to the port arrives at none of those named, while one to another port does.
sub must_be_dropped {
    my ($word) = @_;
    my $from = asker($word->{from});
    for my $to (@{$word->{to}}) {
        my $target = target($to)->{space};
        my ($address) = $to eq 'neighbour' ? ('192.168.50.20') : grep { source_towards($from->{space}, $_) } addresses_of($target);
        my $source = $word->{source} // source_towards($from->{space}, $address // '0.0.0.0') // failed("no way to $to");
        my $beside = 20000 + int rand 40000;
        my $arrived = arrivals($from->{space}, $target, $address, $source, $beside, $word->{port}, $beside);
        failed("such a packet reaches $to") if $arrived->{$word->{port}};
        failed("no packet at all reaches $to") if !$arrived->{$beside};
    }
}

our %WORDS = (
    same_container => sub {
        my ($word) = @_;
        my $noted = noted()->{containers};
        for my $name (@{$word->{containers}}) {
            my $before = $noted->{$name} // cannot('nothing-noted');
            my $container = container($name) // failed("no container $name");
            failed("$name is another container than before") if $container->{id} ne $before->{id};
            failed("$name is called $container->{name}") if !$word->{renames} && $container->{name} ne $name;
            failed("$name has the status $container->{status}") if !$container->{space};
            my ($then, $now) = map { join ' ', @{$_->{networks}} } $before, $container;
            failed("$name is on other networks than before") if !$word->{moves} && $then ne $now;
            failed("$name was started anew") if !$word->{restarts} && $container->{started} ne $before->{started};
        }
        return 'the same';
    },
    runs => sub {
        my ($word) = @_;
        running($_) for @{$word->{containers}};
        return 'running';
    },
    stopped => sub {
        my ($word) = @_;
        my $noted = noted()->{containers};
        read_containers('host');
        for my $name (@{$word->{containers}}) {
            my $before = $noted->{$name} // cannot('nothing-noted');
            my ($named) = grep { $_->{space} && $_->{name} eq $name } containers();
            failed("$name runs") if $named;
            my ($renamed) = grep { $_->{space} && $_->{id} eq $before->{id} } containers();
            failed("$name runs as $renamed->{name}") if $renamed;
        }
        return 'stopped';
    },
    port_mapping => sub {
        my ($word) = @_;
        my $ports = running($word->{container})->{ports};
        my %mapped;
        for my $inside (keys %$ports) {
            $mapped{"$_->{HostPort}:" . ($inside =~ s{/tcp$}{}r)} = 1 for @{$ports->{$inside} // []};
        }
        my $seen = join(' and ', sort keys %mapped) || 'no port';
        my $wanted = join(' and ', sort map { "$_:$word->{ports}{$_}" } keys %{$word->{ports} // {}}) || 'no port';
        failed($seen) if $word->{ports} ? $seen ne $wanted : !grep { /:\Q$word->{port_inside}\E$/ } keys %mapped;
        return $seen;
    },
    port_options => sub {
        my ($word) = @_;
        my @options = map { s{/tcp$}{}r } @{running($word->{container})->{asked}};
        my $seen = join(' and ', @options) || 'neither -p nor -P';
        failed($seen) if $seen ne join ' and ', @{$word->{options}};
        return $seen;
    },
    own_network => sub {
        my ($word) = @_;
        for my $name (@{$word->{containers}}) {
            my $container = running($name);
            failed("$name has the network of the host") if $container->{space} == $HOME;
            failed("$name was started in the network of another container") if $container->{mode} =~ /^container:/;
        }
        return 'a network of its own';
    },
    on_networks => sub {
        my ($word) = @_;
        my %wanted = map { $_ => 1 } @{$word->{networks}};
        for my $name (@{$word->{containers}}) {
            my %has = map { $_ => 1 } @{running($name)->{networks}};
            my $seen = "$name is on " . (join(' and ', sort keys %has) || 'no network');
            failed($seen) if grep { !$has{$_} } keys %wanted;
            failed($seen) if !$word->{others} && grep { !$wanted{$_} } keys %has;
        }
        return 'on ' . join ' and ', sort keys %wanted;
    },
    image_is => sub {
        my ($word) = @_;
        my ($repository, $tag) = $word->{image} =~ m{^(.*?)(?::([^:/]+))?$};
        my $wanted = noted()->{images}{"$repository:" . ($tag // 'latest')} // cannot('nothing-noted');
        for my $container (map { running($_) } @{$word->{container}}) {
            failed("$container->{name} was started from another image") if $container->{image} ne $wanted;
        }
        return $word->{image};
    },
    answered_by => sub {
        my ($word) = @_;
        my $target = target($word->{container});
        for my $from (@{$word->{from}}) {
            if ($word->{protocol} eq 'udp') {
                who_reads($target, $from, $word->{to}, $word->{port});
            } else {
                who_answers($word, $target, $from, $word->{to}, $word->{port});
            }
        }
        return "$word->{container} answers";
    },
    published => sub {
        my ($word) = @_;
        my $target = running($word->{container});
        failed("$word->{container} has the network of the host") if $target->{space} == $HOME;
        my $port = $word->{port} // published_port($target, $word->{port_inside});
        my %at = (host => '127.0.0.1', neighbour => '192.168.50.10');
        who_answers($word, $target, $_, $at{$_}, $port) for @{$word->{from}};
        my @processes = listening_processes($HOME, $port, '/proc');
        failed('a program of the host passes the calls on') if grep { !is_program($_, 'docker-proxy') && !is_program($_, 'dockerd') } @processes;
        return "$word->{container} answers";
    },
    pinged => sub {
        my ($word) = @_;
        my $asker = asker($word->{from});
        my $target = target($word->{target})->{space};
        my ($address) = resolved($asker, $word->{to});
        failed("the name $word->{to} is not known") if !defined $address;
        for my $try (1 .. 3) {
            my $ping = pinged_once($asker, $address, $try > 1);
            next if $try == 1 && $ping->{outcome} eq 'no answer';
            failed($ping->{outcome}) if $ping->{outcome} ne 'answered';
            my $risen = $ping->{risen};
            my $got = delete $risen->{$target->{number}} // 0;
            return 'an answer' if $got == $CALLS && !%$risen;
            failed('answered by ' . (who(sort keys %$risen) || 'somebody else')) if !$got;
            pause(0.1);
        }
        cannot('busy');
    },
    by_name => sub {
        my ($word) = @_;
        my $asker = asker($word->{from});
        my $answer = $word->{hosts_file} ? {addresses => [resolved($asker, $word->{name})]} : ask_servers($asker, $word->{name});
        my @found = $answer ? @{$answer->{addresses}} : ();
        failed("$word->{name} leads to no address") if !@found;
        return $found[0] if !defined $word->{leads_to};
        my $led_to = target($word->{leads_to});
        my $target = $led_to->{space};
        my %own = map { $_ => 1 } addresses_of($target);
        failed("$word->{name} leads to " . join ' and ', @found) if grep { !$own{$_} } @found;
        # Whatever another server says of a container, it goes on saying when that has another address.
        my $by_heart = !$word->{hosts_file} && !$led_to->{is_host} && $answer->{server} ne $ENGINES_SERVER;
        failed("$word->{name} leads there by the server $answer->{server}, not by Docker's own") if $by_heart;
        return $found[0] if $target != fixed_space('router');
        # A name that nobody has: only a server that asks the LAN's says so.
        my $drawn = join('', map { chr(97 + int rand 26) } 1 .. 12) . '.example.com';
        my $before = counters_in($target)->{'Udp InDatagrams'};
        my $none = ask_servers($asker, $drawn);
        failed("a name that does not exist leads to $none->{addresses}[0]") if $none && @{$none->{addresses}};
        failed('not answered by the name server of the LAN') if counters_in($target)->{'Udp InDatagrams'} == $before;
        return $found[0];
    },
    closed_everywhere => sub {
        my ($word) = @_;
        read_containers('host');
        my @ways = ways_in($word->{container}, $word->{port_inside}, {});
        @ways = listens_beyond_host(running($word->{container})) if !@ways && !$word->{rules_count};
        failed($ways[0]) if @ways;
        return 'closed';
    },
    closed_to => sub {
        my ($word) = @_;
        my $target = running($word->{container});
        my $asker = asker($word->{from});
        my %open = map { $_ => 1 } @{$word->{but}};
        my @named = ports_let_through();
        my @listening = ports_for($target->{space}, $asker->{space});
        my @ports = grep { !$open{$_}++ } @listening, @named, 20000 + int rand 40000;    # what is told first comes first
        for my $address (addresses_of($target->{space})) {
            my $source = source_towards($asker->{space}, $address) // next;
            my $arrived;
            my @beside = arrivals_beside_tcp($asker->{space}, $target->{space}, $address, \@named, sub {
                $arrived = arrivals($asker->{space}, $target->{space}, $address, $source, 0, @ports);
            });
            my @through = grep { $arrived->{$_} } @ports;
            failed("$word->{from} reaches port $through[0] of $word->{container}") if @through;
            failed("$word->{from} reaches $word->{container} $beside[0]") if @beside;
        }
        return 'closed';
    },
    only_open => sub {
        my ($word) = @_;
        running($word->{container});
        my @ways = ways_in($word->{container}, undef, $word->{ports});
        failed($ways[0]) if @ways;
        return 'nothing else is open';
    },
    cut_off => sub {
        my ($word) = @_;
        my $container = running($word->{container});
        my @ways = ways_out($container);
        failed($ways[0]) if @ways;
        my $answer = ask_servers(asker($word->{container}), 'example.com');
        failed('learns addresses of the outside from its name server') if $answer && @{$answer->{addresses}};
        return 'cut off';
    },
    packet_dropped => sub {
        my ($word) = @_;
        must_be_dropped($word);
        return 'dropped';
    },
    packet_dropped_by_rule => sub {
        my ($word) = @_;
        my $counted = sub { counted_by_rule(scalar `iptables-save -c -t filter 2> /dev/null`, $word->{rule}) };
        my $before = $counted->();
        must_be_dropped($word);
        failed('dropped, but not by the rule that was there') if $counted->() - $before < $SENT * @{$word->{to}};
        return 'dropped';
    },
    ran_without_network => sub {
        my ($word) = @_;
        my $container = container($word->{container}) // failed("no container $word->{container}");
        failed('it has not run') if $container->{started} =~ /^0001/;
        failed('it was made for the network of another container') if $container->{mode} =~ /^container:/;
        my ($since) = asked('host', "/containers/$container->{id}/json")->{Created} =~ /^(\S+)/;
        my $events = events();
        my @connected = grep { $_->{Type} eq 'network' && $_->{Action} eq 'connect' && ($_->{Actor}{Attributes}{container} // '') eq $container->{id} } @$events;
        my @names = grep { $_ ne 'none' } map { $_->{Actor}{Attributes}{name} // '' } @connected;
        failed("it was on the network $names[0]") if @names;
        my $created = grep { $_->{Type} eq 'container' && $_->{Action} eq 'create' && $_->{Actor}{ID} eq $container->{id} } @$events;
        return 'no network' if $created;
        # The engine keeps its last events only. One that was made for no network had none but by a later connection.
        failed('it was made for the network ' . $container->{mode}) if $container->{mode} ne 'none';
        return 'no network';
    },
);

1;
