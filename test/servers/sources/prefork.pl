# Four processes wait at one socket; each answer is 204, and ends its connection.
use strict;
use warnings;
use IO::Socket::INET;

my $server = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $ENV{PORT}, Listen => 128, ReuseAddr => 1) or die "$!\n";
my @children;
for (1 .. 4) {
    my $pid = fork // die "$!\n";
    push @children, $pid and next if $pid;
    while (my $client = $server->accept) {
        my $request = <$client> // next;
        while (defined(my $line = <$client>)) { last if $line eq "\r\n" }
        my $status = $request =~ m{^GET /health } ? "200 OK\r\nContent-Length: 0" : '204 No Content';
        print $client "HTTP/1.1 $status\r\nConnection: close\r\n\r\n";
        close $client;
    }
    exit;
}
$SIG{TERM} = sub { kill 'TERM', @children; exit };
1 while wait != -1;
