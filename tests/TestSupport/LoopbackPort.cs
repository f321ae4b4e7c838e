using System.Net;
using System.Net.Sockets;

namespace ShutdownAnalyzers.TestSupport;

/// <summary>Ports for servers that have to be told theirs, and for services that come back on the same one.</summary>
public static class LoopbackPort
{
    /// <summary>Free now, and outside the range from which the kernel takes ports for outgoing connections: nobody gets it by chance while a service is being restarted.</summary>
    public static int Take()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            var port = Random.Shared.Next(10_000, 32_000);
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                // The next one.
            }
        }

        throw new InvalidOperationException("No free port on the loopback address between 10000 and 32000.");
    }
}
