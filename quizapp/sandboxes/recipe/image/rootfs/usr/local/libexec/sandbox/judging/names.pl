# Names as a container's programs see them: its hosts file, then the servers of its resolv.conf.
use strict;
use Fcntl qw(O_RDONLY O_NONBLOCK O_NOFOLLOW);

my $MOST_BYTES = 65536;
my $NAME_S     = 1.2;    # a server that passes questions on may wait for another one
our $ENGINES_SERVER = '127.0.0.11';    # in each container that is on a network that was created
our $IP = qr{^(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-fA-F]*:[0-9a-fA-F:.]+)$};

# A file of /etc of who asks. Its root is the learner's: no link is followed, and nothing is waited for.
sub file_of_etc {
    my ($asker, $name) = @_;
    my $etc = "$asker->{files_at}/etc";
    lstat $etc;
    return '' if !-d _;
    sysopen my $file, "$etc/$name", O_RDONLY | O_NONBLOCK | O_NOFOLLOW or return '';
    return '' if !-f $file;
    my $text = '';
    sysread $file, $text, $MOST_BYTES;
    return $text;
}

# The addresses that a hosts file gives a name.
sub in_hosts {
    my ($text, $name) = @_;
    my @found;
    for my $line (split /\n/, $text) {
        $line =~ s/#.*//;
        my ($address, @names) = split ' ', $line;
        push @found, $address if defined $address && $address =~ $IP && grep { lc $_ eq lc $name } @names;
    }
    return @found;
}

sub servers_of {
    my ($text) = @_;
    return grep { $_ =~ $IP } $text =~ /^\s*nameserver\s+(\S+)/mg;
}

# A question for the IPv4 addresses of a name.
sub dns_question {
    my ($id, $name) = @_;
    return pack('n6', $id, 0x0100, 1, 0, 0, 0) . join('', map { pack 'C/a', $_ } split /\./, $name) . pack 'C n n', 0, 1, 1;
}

# The addresses in an answer, and its code: 0 is fine, 3 that there is no such name. Nothing if it is no answer to this.
sub dns_answer {
    my ($id, $answer) = @_;
    return if length $answer < 12;
    my ($to, $flags, $questions, $answers) = unpack 'n4', $answer;
    return if $to != $id || !($flags & 0x8000);
    my $at = 12;
    $at = dns_past_name($answer, $at) + 4 for 1 .. $questions;
    my @addresses;
    for (1 .. $answers) {
        $at = dns_past_name($answer, $at);
        last if $at + 10 > length $answer;
        my ($type, undef, undef, $size) = unpack 'n n N n', substr $answer, $at, 10;
        push @addresses, join '.', unpack 'C4', substr $answer, $at + 10, 4 if $type == 1 && $size == 4 && $at + 14 <= length $answer;
        $at += 10 + $size;
    }
    return {code => $flags & 0xf, addresses => \@addresses};
}

sub dns_past_name {
    my ($answer, $at) = @_;
    while ($at < length $answer) {
        my $size = unpack 'C', substr $answer, $at, 1;
        return $at + 2 if $size >= 0xc0;
        return $at + 1 if $size == 0;
        $at += $size + 1;
    }
    return $at;
}

# What this server answers who asks from this namespace; undef if it says nothing.
sub ask_server {
    my ($space, $server, $name, $most_s) = @_;
    my $id = int rand 65536;
    my $socket = within($space, sub {
        socket my $socket, ($server =~ /:/ ? AF_INET6 : AF_INET), SOCK_DGRAM, 0 or return;
        connect($socket, packed($server, 53)) && defined(send $socket, dns_question($id, $name), 0) or return;
        return $socket;
    }) // return;
    my $until = now() + $most_s;
    while ((my $left = $until - now()) > 0) {
        vec(my $wanted = '', fileno $socket, 1) = 1;
        next if select($wanted, undef, undef, $left) <= 0;
        defined(recv $socket, my $answer, 4096, 0) or return;
        my $read = dns_answer($id, $answer);
        return $read if $read;
    }
    return;
}

# What the first server of the asker that answers says.
sub ask_servers {
    my ($asker, $name) = @_;
    my @servers = servers_of(file_of_etc($asker, 'resolv.conf'));
    splice @servers, 3;    # no resolver asks more
    for my $server (@servers) {
        my $answer = ask_server($asker->{space}, $server, $name, $NAME_S / @servers);
        return {%$answer, server => $server} if $answer && $answer->{code} != 2;    # the server has failed
    }
    return;
}

# The addresses of a name as the asker's programs find them.
sub resolved {
    my ($asker, $name) = @_;
    return $name if $name =~ $IP;
    my @addresses = in_hosts(file_of_etc($asker, 'hosts'), $name);
    return @addresses if @addresses;
    my $answer = ask_servers($asker, $name);
    return $answer ? @{$answer->{addresses}} : ();
}

1;
