using ShutdownAnalyzers.TestSupport;
using StackExchange.Redis;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>A Redis server that keeps nothing.</summary>
internal sealed class Redis : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ServiceProcess _process;
    private readonly int _port;
    private ConnectionMultiplexer? _view;

    private Redis(TemporaryFolder folder, ServiceProcess process, int port) => (_folder, _process, _port) = (folder, process, port);

    public static async Task<Redis> StartAsync()
    {
        var program = InstalledProgram.Find("redis-server");
        var folder = new TemporaryFolder();
        var port = LoopbackPort.Take();
        var redis = new Redis(folder, ServiceProcess.Start(program, ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder.Path]), port);
        try
        {
            await redis._process.LineAsync("Ready to accept connections");
            redis._view = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString("view") + ",allowAdmin=true");
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    public string ConnectionString(string clientName) => $"127.0.0.1:{_port},name={clientName},connectTimeout=20000,asyncTimeout=20000,syncTimeout=20000";

    /// <summary>How many connections of a client the server itself sees.</summary>
    public async Task<int> ConnectionsAsync(string clientName)
    {
        var clients = await _view!.GetServer($"127.0.0.1:{_port}").ClientListAsync();
        return clients.Count(client => client.Name == clientName);
    }

    public async ValueTask DisposeAsync()
    {
        if (_view is not null)
            await _view.DisposeAsync();
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
