using System.Text;
using RabbitMQ.Client;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>A RabbitMQ node of its own: its data in a temporary folder, its ports and its Erlang port mapper on the loopback address, no plugins.</summary>
internal sealed class RabbitMq : IAsyncDisposable
{
    /// <summary>Debian's program in the path switches to the package's own user and folders; this is the one that it runs.</summary>
    private const string DebianServer = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    private readonly TemporaryFolder _folder;
    private readonly ServiceProcess _portMapper;
    private readonly ServiceProcess _server;
    private IConnection? _view;
    private IChannel? _channel;

    private RabbitMq(TemporaryFolder folder, ServiceProcess portMapper, ServiceProcess server, int port)
    {
        (_folder, _portMapper, _server) = (folder, portMapper, server);
        ConnectionString = $"amqp://guest:guest@127.0.0.1:{port}";
    }

    public string ConnectionString { get; }

    /// <summary>What the server has logged so far.</summary>
    public string Log => _server.Output;

    public static async Task<RabbitMq> StartAsync()
    {
        var (found, portMapperProgram) = (InstalledProgram.Find("rabbitmq-server"), InstalledProgram.Find("epmd"));
        var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("enabled_plugins"), "[].");
        var (port, mapperPort) = (LoopbackPort.Take(), LoopbackPort.Take());
        // Started ahead of the server, which would leave one behind in the background.
        var portMapper = ServiceProcess.Start(portMapperProgram, ["-port", $"{mapperPort}", "-address", "127.0.0.1"]);
        var server = ServiceProcess.Start(File.Exists(DebianServer) ? DebianServer : found, [], new Dictionary<string, string>
        {
            ["HOME"] = folder.Path,
            ["RABBITMQ_NODENAME"] = "rabbit@localhost",
            ["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_NODE_PORT"] = $"{port}",
            ["RABBITMQ_MNESIA_BASE"] = folder.File("data"),
            ["RABBITMQ_LOG_BASE"] = folder.File("log"),
            ["RABBITMQ_LOGS"] = "-",
            ["RABBITMQ_ENABLED_PLUGINS_FILE"] = folder.File("enabled_plugins"),
            ["RABBITMQ_CONFIG_FILE"] = folder.File("none"),
            ["RABBITMQ_CONF_ENV_FILE"] = folder.File("none"),
            ["ERL_EPMD_PORT"] = $"{mapperPort}",
            ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
            ["RABBITMQ_DIST_PORT"] = $"{LoopbackPort.Take()}",
            ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}",
        }, folder.Path);
        var rabbit = new RabbitMq(folder, portMapper, server, port);
        try
        {
            await server.LineAsync("Server startup complete", TimeSpan.FromMinutes(2));
            rabbit._view = await new ConnectionFactory { Uri = new Uri(rabbit.ConnectionString), ClientProvidedName = "view" }.CreateConnectionAsync();
            rabbit._channel = await rabbit._view.CreateChannelAsync();
            return rabbit;
        }
        catch
        {
            await rabbit.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the queue where there is none, and fills it.</summary>
    public async Task PublishAsync(string queue, IEnumerable<string> messages)
    {
        await _channel!.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false);
        foreach (var message in messages)
            await _channel.BasicPublishAsync("", queue, Encoding.UTF8.GetBytes(message));
    }

    /// <summary>Waits until the server itself sees so many consumers of the queue.</summary>
    public Task ConsumersAsync(string queue, uint count) =>
        Until.TrueAsync(async () => (await _channel!.QueueDeclarePassiveAsync(queue)).ConsumerCount == count, $"RabbitMQ sees {count} consumers of {queue}");

    /// <summary>Takes what is left in the queue.</summary>
    public async Task<List<(string Message, bool Redelivered)>> TakeAllAsync(string queue)
    {
        List<(string, bool)> messages = [];
        while (await _channel!.BasicGetAsync(queue, autoAck: true) is { } message)
            messages.Add((Encoding.UTF8.GetString(message.Body.Span), message.Redelivered));
        return messages;
    }

    public async ValueTask DisposeAsync()
    {
        if (_view is not null)
            await _view.DisposeAsync();
        await _server.DisposeAsync();
        await _portMapper.DisposeAsync();
        _folder.Dispose();
    }
}
