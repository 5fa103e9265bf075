# What checks that are commands mostly ask about containers, a fact a line; see `facts` in checks.sh, which prints them.
use strict;

my $LOCK_EX = 2;

# The facts about every container of the learner's host.
sub facts {
    read_containers('host');
    return join '', map { "$_\n" } map { facts_about($_) } containers();
}

sub facts_about {
    my ($container) = @_;
    my ($ports, $networks) = @{$container}{qw(ports given)};
    my @facts = ("status $container->{status}");
    for my $port (sort keys %$ports) {
        push @facts, map { "published $_->{HostPort}:$port $_->{HostIp}" } @{$ports->{$port} // []};
    }
    push @facts, map { "asked $_" } @{$container->{asked}};
    push @facts, map { "address $_ $networks->{$_}" } sort keys %$networks;
    return map { "$container->{name} $_" } @facts;
}

# Give the facts to the other commands of this request, which wait for them meanwhile: the same names as `once` of checks.sh.
# Whoever cannot have them from here asks for itself.
sub share_facts {
    my $file = ($ENV{REQUEST} // return) . '/facts';
    open my $lock, '>', "$file.lock" or return;
    flock $lock, $LOCK_EX or return;
    my $facts = eval { facts() } // return;
    write_whole("$file.said", $facts) && write_whole("$file.code", "0\n") if !-e "$file.code";
}

# Whether this is in the file now, whole at once.
sub write_whole {
    my ($path, $text) = @_;
    open my $file, '>', "$path.part" or return;
    return print({$file} $text) && close($file) && rename("$path.part", $path);
}

1;
