using System.Net.Sockets;
using System.Text;

namespace ShutdownAnalyzers.TestSupport;

/// <summary>HAProxy before several instances of the shop: active checks of readiness, and no retry that could hide a lost request.</summary>
public sealed class HaProxy : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ServiceProcess _process;

    private HaProxy(TemporaryFolder folder, ServiceProcess process, int port) => (_folder, _process, Port) = (folder, process, port);

    public int Port { get; }

    /// <param name="program">Where HAProxy is installed.</param>
    /// <param name="ports">Those of the instances.</param>
    /// <param name="check">How readiness is asked.</param>
    public static async Task<HaProxy> StartAsync(string program, IReadOnlyList<int> ports, string check = "inter 300ms fall 1 rise 1")
    {
        var folder = new TemporaryFolder();
        var port = LoopbackPort.Take();
        await File.WriteAllTextAsync(folder.File("haproxy.cfg"), $"""
            global
                stats socket {folder.File("admin.sock")}
            defaults
                mode http
                retries 0
                timeout connect 5s
                timeout client 60s
                timeout server 60s
                timeout check 5s
            frontend shop
                bind 127.0.0.1:{port}
                default_backend shops
            backend shops
                balance roundrobin
                option httpchk GET /health/ready
                http-check expect status 200
                default-server check {check}
                {string.Join("\n    ", ports.Select(backend => $"server shop{backend} 127.0.0.1:{backend}"))}

            """);
        var proxy = new HaProxy(folder, ServiceProcess.Start(program, ["-db", "-f", folder.File("haproxy.cfg")]), port);
        try
        {
            foreach (var backend in ports)
                await proxy.StatusAsync(backend, "UP");
            return proxy;
        }
        catch
        {
            await proxy.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until the proxy itself says that an instance is <c>UP</c> or <c>DOWN</c>.</summary>
    public Task StatusAsync(int backend, string status) => Until.TrueAsync(async () =>
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"HAProxy has ended. It printed:\n{_process.Output}");
        return await StatusOfAsync(backend) == status;
    }, $"HAProxy says {status} of the instance on port {backend}");

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<string?> StatusOfAsync(int backend)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(_folder.File("admin.sock")));
        }
        catch (SocketException)
        {
            // It has not made its socket yet.
            return null;
        }

        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync("show stat\n"u8.ToArray());
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var lines = (await reader.ReadToEndAsync()).Split('\n');
        var columns = lines[0].TrimStart('#', ' ').Split(',');
        var row = lines.Skip(1).Select(line => line.Split(',')).FirstOrDefault(fields => fields.Length > 1 && fields[1] == $"shop{backend}");
        // The first look at an instance counts as UP before it has taken place.
        return row?[Array.IndexOf(columns, "check_status")].Length == 0 ? null : row?[Array.IndexOf(columns, "status")];
    }
}
