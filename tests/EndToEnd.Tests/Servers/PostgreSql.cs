using Npgsql;
using ShutdownAnalyzers.TestSupport;

namespace ShutdownAnalyzers.EndToEnd.Tests;

/// <summary>A PostgreSQL server with its data in a temporary folder.</summary>
internal sealed class PostgreSql : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ServiceProcess _process;
    private readonly NpgsqlDataSource _view;
    private readonly int _port;

    private PostgreSql(TemporaryFolder folder, ServiceProcess process, int port)
    {
        (_folder, _process, _port) = (folder, process, port);
        _view = NpgsqlDataSource.Create(ConnectionString("view"));
    }

    public static async Task<PostgreSql> StartAsync()
    {
        var (init, server) = (InstalledProgram.Find("initdb"), InstalledProgram.Find("postgres"));
        var folder = new TemporaryFolder();
        try
        {
            if (Environment.IsPrivilegedProcess)
                await Command.RunAsync("chown", ["postgres", folder.Path]);
            var data = folder.File("data");
            await RunAsync(init, ["-D", data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync"]);

            var port = LoopbackPort.Take();
            string[] settings = [$"port={port}", "listen_addresses=127.0.0.1", $"unix_socket_directories={folder.Path}", "fsync=off"];
            var process = Start(server, ["-D", data, .. settings.SelectMany(setting => new[] { "-c", setting })]);
            var postgres = new PostgreSql(folder, process, port);
            try
            {
                await process.LineAsync("database system is ready to accept connections");
                return postgres;
            }
            catch
            {
                await postgres.DisposeAsync();
                throw;
            }
        }
        catch
        {
            if (Directory.Exists(folder.Path))
                folder.Dispose();
            throw;
        }

        async Task RunAsync(string file, string[] arguments)
        {
            await using var process = Start(file, arguments);
            Assert.True(await process.ExitAsync(TimeSpan.FromMinutes(2)) == 0, process.Output);
        }

        // The server refuses to run as root.
        ServiceProcess Start(string file, string[] arguments) => Environment.IsPrivilegedProcess
            ? ServiceProcess.Start("setpriv", ["--reuid=postgres", "--regid=postgres", "--init-groups", file, .. arguments], workingDirectory: folder.Path)
            : ServiceProcess.Start(file, arguments, workingDirectory: folder.Path);
    }

    public string ConnectionString(string applicationName) =>
        $"Host=127.0.0.1;Port={_port};Username=postgres;Database=postgres;Application Name={applicationName}";

    /// <summary>How many connections of an application the server itself sees.</summary>
    public async Task<int> ConnectionsAsync(string applicationName)
    {
        await using var command = _view.CreateCommand("select count(*)::int from pg_stat_activity where application_name = $1");
        command.Parameters.AddWithValue(applicationName);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await _view.DisposeAsync();
        try
        {
            if (!_process.HasExited)
            {
                // Its quick stop, which gives the shared memory back; the kill is for a server that doesn't follow.
                _process.Signal(2);
                await _process.ExitAsync(TimeSpan.FromSeconds(20));
            }
        }
        catch (TimeoutException)
        {
            // Killed below.
        }

        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
