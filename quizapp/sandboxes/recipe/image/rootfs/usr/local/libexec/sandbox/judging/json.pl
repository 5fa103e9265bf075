# JSON, which the base's Perl has no module for. Texts are bytes in UTF-8, true and false are 1 and 0.
use strict;

# The value of a text. Dies if it is no JSON.
sub from_json {
    my ($text) = @_;
    pos($text) = 0;
    my $value = json_value(\$text);
    $text =~ /\G\s*\z/gc or die "more than one value\n";
    return $value;
}

sub json_value {
    my ($text) = @_;
    $$text =~ /\G\s+/gc;
    return json_object($text) if $$text =~ /\G\{\s*/gc;
    return json_array($text)  if $$text =~ /\G\[\s*/gc;
    return json_string($text) if $$text =~ /\G(?=")/gc;
    return $1 if $$text =~ /\G(-?[0-9]+(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?)/gc;
    return {true => 1, false => 0, null => undef}->{$1} if $$text =~ /\G(true|false|null)\b/gc;
    die "no JSON value\n";
}

sub json_object {
    my ($text) = @_;
    my %members;
    return \%members if $$text =~ /\G\}/gc;
    while (1) {
        my $name = json_string($text);
        $$text =~ /\G\s*:/gc or die "a member without a value\n";
        $members{$name} = json_value($text);
        next if $$text =~ /\G\s*,\s*/gc;
        return \%members if $$text =~ /\G\s*\}/gc;
        die "an object without an end\n";
    }
}

sub json_array {
    my ($text) = @_;
    my @items;
    return \@items if $$text =~ /\G\]/gc;
    while (1) {
        push @items, json_value($text);
        next if $$text =~ /\G\s*,/gc;
        return \@items if $$text =~ /\G\s*\]/gc;
        die "an array without an end\n";
    }
}

my %ESCAPED = (b => "\b", f => "\f", n => "\n", r => "\r", t => "\t");

sub json_string {
    my ($text) = @_;
    $$text =~ /\G"((?:[^"\\]++|\\.)*+)"/gcs or die "no JSON string\n";
    my $string = $1;
    $string =~ s{\\(?:u([0-9a-fA-F]{4})|(.))}{defined $1 ? in_utf8(hex $1) : $ESCAPED{$2} // $2}ges;
    return $string;
}

sub in_utf8 {
    my ($code) = @_;
    my $char = chr($code >= 0xd800 && $code < 0xe000 ? 0xfffd : $code);  # half of a pair is no character
    utf8::encode($char);
    return $char;
}

# A value as JSON: hashes, arrays, and anything else as a string.
sub to_json {
    my ($value) = @_;
    return '{' . join(',', map { to_json($_) . ':' . to_json($value->{$_}) } sort keys %$value) . '}' if ref $value eq 'HASH';
    return '[' . join(',', map { to_json($_) } @$value) . ']' if ref $value eq 'ARRAY';
    $value =~ s{(["\\\x00-\x1f\x7f])}{sprintf '\\u%04x', ord $1}ge;
    return "\"$value\"";
}

1;
