using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace ShutdownAnalyzers.Runtime.AspNetCore;

/// <summary>
/// The TCP sockets that Kestrel listens on, on Linux. Closing one resets the connections that the kernel has made and Kestrel has not accepted yet, and stopping Kestrel resets those that it has accepted and not read
/// from, whether a request is on them or not. So the door is shut ahead of both: newcomers are refused as by a closed port, which sends them to the next instance, and those inside are still served.
/// </summary>
internal sealed class ListenSockets(IOptions<GracefulShutdownOptions> options, DrainReporter reporter) : IPostConfigureOptions<SocketTransportOptions>, IDisposable
{
    /// <summary>How long before the end of the delay the door is shut. Whoever has just connected gets to send a request: with TLS that takes three round trips, and a busy machine takes its own time.</summary>
    private static readonly TimeSpan LongestLastCall = TimeSpan.FromMilliseconds(500);

    private const int SolSocket = 1;
    private const int SoAcceptConn = 30;
    private const int SoBindToIfIndex = 62;

    /// <summary>A network interface that there is not, so that nothing comes in by it.</summary>
    private static readonly byte[] NoInterface = BitConverter.GetBytes(int.MaxValue);

    /// <summary>Closed ones stay in: an endpoint that a changed configuration has taken out is rare, and small.</summary>
    private readonly List<Socket> _sockets = [];
    private ITimer? _lastCall;
    private int _isShut;

    /// <summary>Whether newcomers are refused: from here on a connection that closes is made anew elsewhere.</summary>
    public bool IsShut => Volatile.Read(ref _isShut) != 0;

    /// <inheritdoc/>
    public void PostConfigure(string? name, SocketTransportOptions transport)
    {
        if (!OperatingSystem.IsLinux()) return;
        Func<EndPoint, Socket> create = transport.CreateBoundListenSocket;
        transport.CreateBoundListenSocket = endpoint => Remember(endpoint, create(endpoint));
    }

    public void OnPhase(DrainPhase phase, TimeSpan length)
    {
        if (phase == DrainPhase.Announce && length > TimeSpan.Zero && options.Value.LateRequests == LateRequests.CloseListener)
        {
            TimeSpan lastCall = length / 4 < LongestLastCall ? length / 4 : LongestLastCall;
            _lastCall = options.Value.Process.Time.CreateTimer(static state => ((ListenSockets)state!).Shut(), this, length - lastCall, Timeout.InfiniteTimeSpan);
        }
        else if (phase >= DrainPhase.Refuse) _lastCall?.Dispose();
    }

    /// <summary>Shuts the door, and completes when Kestrel has accepted all who are inside, or when the token fires.</summary>
    public async Task EmptyAsync(CancellationToken giveUp)
    {
        Shut();
        foreach (Socket socket in All())
        {
            // In real time, whatever the drain's clock is: it is the kernel and the server's threads that are waited for.
            while (HasWaiting(socket) && !giveUp.IsCancellationRequested) await Task.Delay(1, CancellationToken.None).ConfigureAwait(false);
        }
    }

    public ListenSockets ForRehearsal(IOptions<GracefulShutdownOptions> rehearsal) => new(rehearsal, reporter);

    /// <inheritdoc/>
    public void Dispose() => _lastCall?.Dispose();

    private Socket Remember(EndPoint endpoint, Socket socket)
    {
        // One that was handed over (systemd's socket activation) is not ours to shut, and nothing that waits on it is lost: whoever made it goes on to listen.
        if (endpoint is IPEndPoint && !IsListening(socket))
        {
            lock (_sockets) _sockets.Add(socket);
        }

        return socket;
    }

    private Socket[] All()
    {
        lock (_sockets) return [.. _sockets];
    }

    /// <summary>
    /// Binds the sockets to no interface. A listen socket is looked up by the interface that a SYN comes in by, and one that is not found is refused; handshakes that have begun, and connections, are found without it.
    /// Takes Linux 5.7, or CAP_NET_RAW, and can be done but once. Of sockets that share a port (SO_REUSEPORT) the kernel may still pick this one, and then has no way to answer: that client's next SYN, after a
    /// second, gets to one of the others.
    /// </summary>
    private void Shut()
    {
        if (Interlocked.Exchange(ref _isShut, 1) != 0) return;
        foreach (Socket socket in All())
        {
            try { socket.SetRawSocketOption(SolSocket, SoBindToIfIndex, NoInterface); }
            catch (SocketException e) { reporter.Logger.DoorStaysOpen(e); }
            catch (ObjectDisposedException)
            {
                // Its endpoint is gone, or the host has stopped the server already.
            }
        }
    }

    private static bool IsListening(Socket socket)
    {
        Span<byte> value = stackalloc byte[sizeof(int)];
        socket.GetRawSocketOption(SolSocket, SoAcceptConn, value);
        return value.ContainsAnyExcept((byte)0);
    }

    private static bool HasWaiting(Socket socket)
    {
        try { return socket.Poll(TimeSpan.Zero, SelectMode.SelectRead); }
        catch (ObjectDisposedException) { return false; }
    }
}
