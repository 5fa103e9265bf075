# Sockets' numbers and addresses as Linux has them on x86-64 and on ARM. Perl's own module of them takes ten milliseconds to
# load, which is as long as a word is judged in.
use strict;

use constant {AF_UNIX => 1, AF_INET => 2, AF_INET6 => 10, AF_NETLINK => 16};
use constant {SOCK_STREAM => 1, SOCK_DGRAM => 2, SOCK_RAW => 3, NONBLOCK => 04000};
use constant {SOL_SOCKET => 1, SO_ERROR => 4, SO_PEERCRED => 17, SO_RCVTIMEO => 20, SO_SNDTIMEO => 21};
use constant {ICMP => 1, TCP => 6, UDP => 17, AS_IT_IS => 255};    # the last: the header is given with the packet
use constant {SOCK_DIAG => 4, SOCK_DIAG_BY_FAMILY => 20, NLM_REQUEST_DUMP => 0x301, NLMSG_ERROR => 2, NLMSG_DONE => 3};

my $LISTENING   = 1 << 10;    # the state, as a bit
my $DIAG_ANSWER = 65536;      # bytes of one answer of the kernel's

# An IPv4 address as four bytes, and back.
sub in_bytes { return pack 'C4', split /\./, $_[0] }

sub in_dots { return join '.', unpack 'C4', $_[0] }

# An IPv6 address as sixteen bytes.
sub ipv6_in_bytes {
    my ($head, $tail) = map { [split /:/] } split(/::/, $_[0], 2), ($_[0] =~ /::/ ? () : '');
    my $missing = 8 - @$head - @{$tail // []};
    return pack 'n8', map { hex } @$head, (0) x $missing, @{$tail // []};
}

# An address and port as `connect` wants them; an IPv6 address may have the number of an interface behind a percent sign.
sub packed {
    my ($address, $port) = @_;
    return pack 'S n a4 x8', AF_INET, $port, in_bytes($address) if $address !~ /:/;
    my ($plain, $scope) = split /%/, $address;
    return pack 'S n N a16 L', AF_INET6, $port, 0, ipv6_in_bytes($plain), $scope // 0;
}

sub packed_path { return pack 'S a108', AF_UNIX, $_[0] }

# The address of an IPv4 socket's own end.
sub own_end { return in_dots(substr getsockname($_[0]), 4, 4) }

# The messages that ask the kernel which TCP sockets of a family listen, and the rows in its answer: the port, the address in
# the hexadecimal digits of its bytes, and the inode.
sub diag_question {
    my ($family) = @_;
    my $request = pack('C C C C L', $family, TCP, 0, 0, $LISTENING) . "\0" x 48;
    return pack('L S S L L', 16 + length $request, SOCK_DIAG_BY_FAMILY, NLM_REQUEST_DUMP, 0, 0) . $request;
}

# The rows of one answer, and whether it is the last.
sub diag_rows {
    my ($answer) = @_;
    my ($at, @rows) = (0);
    while ($at + 16 <= length $answer) {
        my ($size, $type) = unpack 'L S', substr $answer, $at, 6;
        return (1, @rows) if $type == NLMSG_DONE || $type == NLMSG_ERROR || $size < 16;
        my ($family, $port, $address, $inode) = unpack 'x16 C x3 n x2 a16 x44 L', substr $answer, $at, 88;
        $address = substr $address, 0, 4 if $family == AF_INET;
        push @rows, {port => $port, address => unpack('H*', $address), inode => $inode};
        $at += ($size + 3) & ~3;
    }
    return (0, @rows);
}

# The TCP sockets that listen in the namespace that this program is in. /proc/net/tcp has them too, and takes milliseconds:
# the kernel walks its table of all connections for it.
sub listening_here {
    my @all;
    socket my $socket, AF_NETLINK, SOCK_RAW, SOCK_DIAG or cannot('odd-host');
    for my $family (AF_INET, AF_INET6) {
        defined send $socket, diag_question($family), 0 or cannot('odd-host');
        my ($last, @rows) = (0);
        while (!$last) {
            defined recv $socket, my $answer, $DIAG_ANSWER, 0 or cannot('odd-host');
            ($last, @rows) = diag_rows($answer);
            push @all, @rows;
        }
    }
    return @all;
}

1;
