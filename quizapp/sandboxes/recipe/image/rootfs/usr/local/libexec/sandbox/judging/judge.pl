# Judge words of checks by what happens on the learner's host, in the process and the network that this runs in.
use strict;

my $BUDGET_S = 4;    # a word that begins later is not judged

(my $libexec = __FILE__) =~ s{/judging/[^/]*$}{};
require "$libexec/kernel.pl";
require "$libexec/judging/$_.pl" for qw(json sockets spaces engine names calls packets ports facts words);
our %WORDS;

sub judged_word {
    my ($word) = @_;
    my $judge = $WORDS{$word->{word}} // return {verdict => 'could-not-check', seen => '', why => 'odd-host'};
    my $seen = eval { $judge->($word) };
    return {verdict => 'pass', seen => $seen, why => ''} if defined $seen;
    return $@ if ref $@;
    return {verdict => 'could-not-check', seen => substr($@, 0, 200), why => 'odd-host'};    # for who mends this
}

# See the host as it is at first.
sub begin_judging {
    $SIG{PIPE} = 'IGNORE';
    eval { open_fixed_spaces(); 1 } or die ref $@ ? "$@->{why}\n" : $@;
}

# A JSON array of objects, each with `word` and its fields; the answer is one of as many objects with `verdict` ('pass', 'fail'
# or 'could-not-check'), `seen`, and `why` it could not. Other commands of the same request get the facts that this finds.
sub judged_words {
    my ($words) = @_;
    begin_judging();
    my $began = now();
    share_facts();
    my @results;
    for my $word (@{from_json($words)}) {
        push @results, now() - $began < $BUDGET_S ? judged_word($word) : {verdict => 'could-not-check', seen => '', why => 'slow'};
    }
    return to_json(\@results) . "\n";
}

1;
