using System.Net;
using System.Net.Sockets;
using ShutdownAnalyzers.Runtime;

// A program without a host: one registration holds SIGTERM, SIGINT and SIGQUIT for as long as it runs.
using var shutdown = ShutdownSignal.Register();
using var listener = new TcpListener(IPAddress.Loopback, 0);
listener.Start();
Console.WriteLine($"Echo on {listener.LocalEndpoint}");

try
{
    while (!shutdown.Token.IsCancellationRequested)
    {
        using var client = await listener.AcceptTcpClientAsync(shutdown.Token);
        await using var stream = client.GetStream();
        await stream.CopyToAsync(stream, shutdown.Token);
    }
}
catch (OperationCanceledException) when (shutdown.Token.IsCancellationRequested)
{
    Console.WriteLine("Stopped.");
}
