using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ShutdownAnalyzers.TestSupport;

/// <summary>The connection ended before the first byte of an answer.</summary>
public sealed class ClosedUnansweredException(Exception? inner = null) : IOException("closed before the answer began", inner);

public sealed record Answer(int Status, string Body);

/// <summary>
/// One HTTP/1.1 connection, used for request after request. Written by hand because HttpClient repeats requests on its own when a connection breaks, and what is counted here is just that.
/// </summary>
public sealed class KeepAliveConnection : IDisposable
{
    /// <summary>A lost request must not be taken for a slow one, nor the other way round.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[16 * 1024];
    private int _filled;

    private KeepAliveConnection(Socket socket) => _socket = socket;

    /// <summary>Whether it has carried a request before.</summary>
    public bool IsReused { get; private set; }

    /// <summary>Whether the server has said that it closes it.</summary>
    public bool IsClosing { get; private set; }

    /// <summary>Whether the server has closed it, as far as one can see before a request is sent.</summary>
    public bool IsClosed => _socket.Poll(TimeSpan.Zero, SelectMode.SelectRead);

    /// <exception cref="SocketException">Among others <see cref="SocketError.ConnectionRefused"/>.</exception>
    public static async Task<KeepAliveConnection> OpenAsync(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(IPAddress.Loopback, port);
            return new KeepAliveConnection(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <exception cref="ClosedUnansweredException">Not a byte of the answer came.</exception>
    /// <exception cref="IOException">The answer began and broke off.</exception>
    public async Task<Answer> SendAsync(string method, string path, string body)
    {
        using var patience = new CancellationTokenSource(Patience);
        _filled = 0;
        var request = $"{method} {path} HTTP/1.1\r\nHost: shop\r\nContent-Length: {Encoding.ASCII.GetByteCount(body)}\r\n\r\n{body}";
        try
        {
            await _socket.SendAsync(Encoding.ASCII.GetBytes(request), patience.Token);
            await ReceiveAsync(patience.Token);
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException)
        {
            throw new ClosedUnansweredException(e);
        }

        try
        {
            return await ReadAsync(patience.Token);
        }
        catch (Exception e) when (e is SocketException or EndOfStreamException)
        {
            throw new IOException($"the answer broke off after {_filled} bytes", e);
        }
    }

    public void Dispose() => _socket.Dispose();

    private async Task<Answer> ReadAsync(CancellationToken patience)
    {
        int end;
        while ((end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8)) < 0)
            await ReceiveAsync(patience);

        var lines = Encoding.ASCII.GetString(_buffer, 0, end).Split("\r\n");
        var headers = lines.Skip(1).Select(line => line.Split(':', 2)).ToLookup(parts => parts[0], parts => parts[1].Trim(), StringComparer.OrdinalIgnoreCase);
        IsReused = true;
        IsClosing = headers["Connection"].Contains("close", StringComparer.OrdinalIgnoreCase);

        var start = end + 4;
        if (headers["Content-Length"].SingleOrDefault() is not { } length)
            throw new IOException($"an answer without a length, {lines[0]}");
        while (_filled < start + int.Parse(length))
            await ReceiveAsync(patience);
        return new Answer(int.Parse(lines[0].Split(' ')[1]), Encoding.ASCII.GetString(_buffer, start, _filled - start));
    }

    private async Task ReceiveAsync(CancellationToken patience)
    {
        var read = await _socket.ReceiveAsync(_buffer.AsMemory(_filled), patience);
        if (read == 0)
            throw new EndOfStreamException();
        _filled += read;
    }
}
