using System.Globalization;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Benchmarks.DropTable;

/// <summary>One way to stop a service: a form of the shop in tests/Services/Shop, or a server of the folder "node".</summary>
internal sealed record Variant(string Id, string Name, bool IsNode, string[] Arguments)
{
    public static readonly Variant[] All =
    [
        Shop("exit", "`Environment.Exit` on SIGTERM"),
        Shop("stock", "ASP.NET Core as it is"),
        Shop("stopping-delay", "delay in `ApplicationStopping`"),
        Shop("lifetime", "delay in an `IHostLifetime`"),
        Shop("minimal", "this library"),
        Node("plain", "Node: 503 from the signal on"),
        Node("terminus", "Node: terminus"),
        Node("terminus-delay", "Node: terminus with a delay", "terminus.js", "delay"),
        Node("http-terminator", "Node: http-terminator"),
        Node("close-with-grace", "Node: close-with-grace"),
    ];

    public bool IsThisLibrary => Id == "minimal";

    public ServiceProcess Start(int port, TimeSpan delay, NodeServers node)
    {
        var settings = new Dictionary<string, string> { ["SHUTDOWN_DRAIN_DELAY"] = delay.TotalSeconds.ToString(CultureInfo.InvariantCulture) };
        if (IsNode)
        {
            settings["PORT"] = $"{port}";
            return ServiceProcess.Start("node", Arguments, settings, node.Folder);
        }

        settings["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}";
        return ServiceUnderTest.Start("Shop", Arguments, settings);
    }

    private static Variant Shop(string id, string name) => new(id, name, IsNode: false, [id]);

    private static Variant Node(string id, string name, params string[] arguments) => new(id, name, IsNode: true, arguments.Length > 0 ? arguments : [id + ".js"]);
}
