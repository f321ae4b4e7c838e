using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime;

/// <summary>
/// Tells systemd, by a datagram to <c>NOTIFY_SOCKET</c>, that the service is stopping and how long it will take. Without it a drain that is longer than the unit's TimeoutStopSec would be killed in the middle.
/// </summary>
internal static class SystemdNotification
{
    /// <summary>Set for units of Type=notify, and for others that set NotifyAccess.</summary>
    public const string SocketVariable = "NOTIFY_SOCKET";

    /// <summary>
    /// Once, when the stop begins: the manager counts from the message on, takes it only while its own timeout still runs, and only ever moves that one later. SystemdLifetime sends a STOPPING=1 of its own
    /// when ApplicationStopping fires; the manager passes over it, since the unit is stopping by then.
    /// </summary>
    public static void Stopping(ProcessHooks process, TimeSpan time, ILogger logger)
    {
        if (process.GetVariable(SocketVariable) is not { Length: > 1 } address) return;
        string microseconds = ((long)time.TotalMicroseconds).ToString(CultureInfo.InvariantCulture);
        try { Send(address, $"STOPPING=1\nEXTEND_TIMEOUT_USEC={microseconds}\n"); }
        catch (Exception e) when (e is SocketException or ArgumentException or PlatformNotSupportedException)
        {
            logger.SystemdNotTold(e, address);
        }
    }

    private static void Send(string address, string message)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified)
        {
            // A manager that doesn't read must not hold the stop up.
            Blocking = false,
        };
        // An abstract address, which is no path, is written with an @ for its leading NUL.
        socket.Connect(new UnixDomainSocketEndPoint(address[0] == '@' ? '\0' + address[1..] : address));
        socket.Send(Encoding.ASCII.GetBytes(message));
    }
}
