#!/usr/bin/perl
# Says the greeting of its configuration and the sealed text to everybody who connects.
use strict;
use IO::Socket::UNIX;

sub content { open my $file, '<', $_[0] or die "$_[0]: $!"; local $/; <$file> }
my ($greeting) = content('/etc/site-server/site.conf') =~ /^greeting = (.*)$/m or die 'no greeting';
my $sealed = content('/srv/site/sealed');
my $path = '/run/site-server/socket';
unlink $path;
my $socket = IO::Socket::UNIX->new(Local => $path, Listen => 64) or die "$path: $!";
while (my $client = $socket->accept) {
    print $client "$greeting\n$sealed";
    close $client;
}
