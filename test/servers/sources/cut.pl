# Says that a thousand bytes will come, sends ten, and hangs up: every tenth answer.
use strict;
use warnings;
use IO::Socket::INET;

my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $ENV{PORT}, Listen => 128, ReuseAddr => 1) or die "$!\n";
my $requests = 0;
while (my $client = $server->accept) {
    my $request = <$client> // next;
    while (defined(my $line = <$client>)) { last if $line eq "\r\n" }
    my $length = $request !~ m{^GET /health } && ++$requests % 10 == 0 ? 1000 : 10;
    print $client "HTTP/1.1 200 OK\r\nContent-Length: $length\r\nConnection: close\r\n\r\n", 'x' x 10;
    close $client;
}
