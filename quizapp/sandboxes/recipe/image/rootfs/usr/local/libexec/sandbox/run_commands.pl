# Run shell commands, each for so long and with so much output kept, so many at a time, and print a line for each, in their
# order: <index> <exit code or "timeout"> <milliseconds> <1 if cut> <output>, the output in base64, stdout and stderr mixed.
# REQUEST is a directory that they share and that is gone afterwards.
#
# In Perl, which every Debian has and which starts in 2 ms: a shell could not cut the output of a command without
# breaking the command. Every module costs as much again, and the base has none for Base64 or a clock.
use strict;

my $WNOHANG = 1;
my $SLICE_S = 0.02;     # how often to look whether a silent command has ended
my $CHUNK   = 65536;    # bytes; a pipe holds no more

# Seconds for a command that begins after another one has run out of time: the host's engine may be stopped, and then each
# that asks it would hold up whoever waits for all of them for its whole time.
my $AFTER_ONE_S = 1;

my ($most_s, $most_bytes);

# Seconds since the machine started, to a hundredth.
sub uptime_s {
    open my $file, '<', '/proc/uptime' or die "no clock: $!";
    return (split ' ', <$file>)[0];
}

sub from_base64 {
    my ($text) = @_;
    my $bytes = '';
    $text =~ tr{A-Za-z0-9+/}{}cd;
    $text =~ tr{A-Za-z0-9+/}{ -_};    # to the alphabet of uuencode, which Perl can unpack
    while ($text =~ /(.{1,60})/gs) {
        $bytes .= unpack 'u', chr(32 + int(length($1) * 3 / 4)) . $1;
    }
    return $bytes;
}

sub to_base64 {
    my ($bytes) = @_;
    my $text = '';
    for (my $at = 0; $at < length $bytes; $at += 45) {
        my $line = pack 'u', substr $bytes, $at, 45;
        $text .= substr $line, 1, -1;    # without its length and the newline
    }
    $text =~ tr{`!-_}{A-Za-z0-9+/};
    my $padding = -length($bytes) % 3;
    substr($text, -$padding) = '=' x $padding if $padding;
    return $text;
}

# Start the command in a process group of its own. What is asked of `judge` alone is judged in the new process as it is: this
# program has read the judge's files ahead, and a shell that starts it would take longer than most words do.
sub start {
    my ($index, $command, $judges) = @_;
    pipe my $output, my $input or die "no pipe: $!";
    my $pid = fork // die "no process: $!";
    if (!$pid) {
        setpgrp 0, 0;
        open STDIN,  '<',  '/dev/null' or die $!;
        open STDOUT, '>&', $input      or die $!;
        open STDERR, '>&', $input      or die $!;
        exit !print judged_words($1) if $judges && $command =~ /\Ajudge '([^']*)'\z/;
        exec '/bin/bash', '-c', $command or die "no shell: $!";
    }
    return {index => $index, pid => $pid, pipe => $output, began => uptime_s(), most_s => $most_s, kept => '', cut => 0,
        silent => 0};
}

# Wait a moment for output of any of them, and keep what there is room for.
sub listen_to {
    my @running = @_;
    my $ready = '';
    vec($ready, fileno $_->{pipe}, 1) = 1 for grep { !$_->{silent} } @running;
    # Once one of them can print no more, its end is near.
    my $slice_s = (grep { $_->{silent} } @running) ? $SLICE_S / 20 : $SLICE_S;
    return if select($ready, undef, undef, $slice_s) <= 0;
    for my $one (grep { !$_->{silent} && vec $ready, fileno $_->{pipe}, 1 } @running) {
        if (sysread $one->{pipe}, my $chunk, $CHUNK) {
            my $room = $most_bytes - length $one->{kept};
            $one->{cut} = 1 if length $chunk > $room;
            $one->{kept} .= substr $chunk, 0, $room;
        } else {
            $one->{silent} = 1;
        }
    }
}

# What is left in the pipe of one that has ended.
sub drain {
    my ($one) = @_;
    my $ready = '';
    vec($ready, fileno $one->{pipe}, 1) = 1;
    listen_to($one) while !$one->{silent} && !$one->{cut} && select(my $now = $ready, undef, undef, 0) > 0;
}

# Its line, if it has ended or its time is up; else nothing.
sub result {
    my ($one) = @_;
    my $code = 'timeout';
    # Not only when the pipe ends: a process that the command left behind may hold it open.
    if (waitpid $one->{pid}, $WNOHANG) {
        $code = $? & 127 ? 128 + ($? & 127) : $? >> 8;
        drain($one);
    } elsif (uptime_s() - $one->{began} < $one->{most_s}) {
        return;
    } else {
        $most_s = $AFTER_ONE_S if $AFTER_ONE_S < $most_s;
        kill -9, $one->{pid};
        waitpid $one->{pid}, 0;
    }
    my $took_ms = 1000 * (uptime_s() - $one->{began});
    return sprintf "%d %s %d %d %s\n", $one->{index}, $code, $took_ms, $one->{cut}, to_base64($one->{kept});
}

# Run the commands, each given in base64: LIMITS has `each_s`, `bytes` and `at_once`. JUDGES says whether `judge` is theirs.
sub run_commands {
    my ($limits, $judges, @waiting) = @_;
    ($most_s, $most_bytes) = @{$limits}{qw(each_s bytes)};
    mkdir $ENV{REQUEST} = "/tmp/request.$$", 0700;
    my ($started, $printed, @running, @results) = (0, 0);
    while ($printed < $started || @waiting) {
        push @running, start($started++, from_base64(shift @waiting), $judges) while @waiting && @running < $limits->{at_once};
        listen_to(@running);
        @running = grep { !defined($results[$_->{index}] = result($_)) } @running;
        print $results[$printed++] while $printed < $started && defined $results[$printed];
    }
    unlink glob "$ENV{REQUEST}/*";
    rmdir $ENV{REQUEST};
}

1;
