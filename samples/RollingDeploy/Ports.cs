using System.Net;
using System.Net.Sockets;

namespace RollingDeploy;

internal static class Ports
{
    /// <summary>
    /// Free ports of the loopback address, all below those that the system gives to outgoing connections:
    /// an instance needs its port again after a restart, and by then a client could have it.
    /// </summary>
    public static List<int> Find(int count)
    {
        var ports = new List<int>();
        for (var attempt = 0; attempt < 1000 && ports.Count < count; attempt++)
        {
            var port = Random.Shared.Next(15_000, 32_000);
            if (!ports.Contains(port) && IsFree(port))
                ports.Add(port);
        }

        return ports.Count == count ? ports : throw new EnvironmentException("There are no free ports on 127.0.0.1.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
