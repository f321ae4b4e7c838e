using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.Benchmarks.DropTable;

/// <summary>The servers of the folder "node" beside their libraries, in a temporary folder.</summary>
internal sealed class NodeServers : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private NodeServers()
    {
    }

    public string Folder => _folder.Path;

    public static async Task<NodeServers> InstallAsync()
    {
        var servers = new NodeServers();
        try
        {
            foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "benchmarks", "DropTable", "node")))
                File.Copy(file, servers._folder.File(Path.GetFileName(file)));
            await Command.RunAsync("npm", ["install", "--no-audit", "--no-fund", "--no-package-lock"], servers.Folder);
            return servers;
        }
        catch
        {
            servers.Dispose();
            throw;
        }
    }

    public void Dispose() => _folder.Dispose();
}
