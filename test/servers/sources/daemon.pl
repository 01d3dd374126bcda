# Starts a command in a session of its own, as a daemon, and stays until it is told to end.
use strict;
use warnings;
use POSIX 'setsid';

my $pid = fork // die "$!\n";
if ($pid == 0) {
    setsid;
    exec @ARGV or die "$!\n";
}
sleep;
