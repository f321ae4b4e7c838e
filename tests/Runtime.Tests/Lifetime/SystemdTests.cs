using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>What systemd hears, on a real datagram socket.</summary>
public sealed class SystemdTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HearsOfTheStopWhenTheDrainBeginsAndOnlyOnce(bool isAbstract)
    {
        using var manager = new Manager(isAbstract);
        await using DrainHost host = await StartAsync(manager);
        Assert.Empty(manager.Heard());
        host.Signal();
        // The hard deadline, and what the forced exit may take behind it.
        Assert.Equal(["STOPPING=1\nEXTEND_TIMEOUT_USEC=28500000\n"], manager.Heard());
        host.Signal();
        host.Process.Advance(10);
        await host.EndAsync();
        Assert.Empty(manager.Heard());
    }

    [Fact]
    public async Task IsAskedForLessWhereThereIsNoDelay()
    {
        using var manager = new Manager();
        await using DrainHost host = await StartAsync(manager);
        host.Application.StopApplication();
        List<string> heard = [];
        await Eventually.IsTrue(() =>
        {
            heard.AddRange(manager.Heard());
            return heard.Count > 0;
        }, "the manager is told");
        Assert.Equal(["STOPPING=1\nEXTEND_TIMEOUT_USEC=18500000\n"], heard);
        await host.EndAsync();
    }

    [Fact]
    public async Task HearsOfASignalToAHostThatItsHolderIsStopping()
    {
        using var manager = new Manager();
        var work = new TaskCompletionSource();
        await using DrainHost host = await StartAsync(manager);
        host.Shutdown.Track("work", _ => work.Task);
        Task stop = host.Host.StopAsync();
        Assert.Empty(manager.Heard());
        host.Signal();
        Assert.Equal(["STOPPING=1\nEXTEND_TIMEOUT_USEC=18500000\n"], manager.Heard());
        work.SetResult();
        await stop;
    }

    [Fact]
    public async Task HearsNothingOfAHostThatIsStoppedByItsHolder()
    {
        using var manager = new Manager();
        await using DrainHost host = await StartAsync(manager);
        await host.Host.StopAsync();
        Assert.Empty(manager.Heard());
    }

    [Fact]
    public async Task HearsOfTheStopAheadOfWhatItsOwnLifetimeSays()
    {
        using var manager = new Manager();
        var process = new FakeProcess();
        process.Variables["NOTIFY_SOCKET"] = manager.Address;
        await using DrainHost host = DrainHost.Build(
            process: process,
            lifetime: s => s.AddSingleton<ISystemdNotifier>(new Notifier(manager)).AddSingleton<IHostLifetime, SystemdLifetime>());
        await host.StartAsync();
        Assert.Equal(["READY=1"], manager.Heard());
        await host.Shutdown.StartAsync("rollout");
        Assert.Equal(["STOPPING=1\nEXTEND_TIMEOUT_USEC=28500000\n"], manager.Heard());
        host.Process.Advance(10);
        Assert.Equal(["STOPPING=1"], manager.Heard());
        await host.EndAsync();
    }

    [Fact]
    public async Task WhoCannotBeReachedIsSaidAndHoldsNothingUp()
    {
        var process = new FakeProcess();
        process.Variables["NOTIFY_SOCKET"] = "/nowhere/notify";
        await using DrainHost host = DrainHost.Build(process: process);
        await host.StartAsync();
        host.Signal();
        Assert.Contains(host.Logs.Ours(LogLevel.Warning), l => l.Contains("/nowhere/notify") && l.Contains("TimeoutStopSec"));
        Assert.Equal(DrainPhase.Announce, host.Phase);
        host.Process.Advance(10);
        await host.EndAsync();
        Assert.Equal(0, host.Process.ExitCode);
    }

    private static async Task<DrainHost> StartAsync(Manager manager)
    {
        var process = new FakeProcess();
        process.Variables["NOTIFY_SOCKET"] = manager.Address;
        DrainHost host = DrainHost.Build(process: process);
        await host.StartAsync();
        return host;
    }

    /// <summary>The manager's end.</summary>
    private sealed class Manager : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        private readonly string _name = Path.Combine(Path.GetTempPath(), $"notify-{Guid.NewGuid():N}");

        public Manager(bool isAbstract = false)
        {
            Address = isAbstract ? "@" + _name : _name;
            EndPoint = new UnixDomainSocketEndPoint(isAbstract ? "\0" + _name : _name);
            _socket.Bind(EndPoint);
            _socket.Blocking = false;
        }

        public string Address { get; }

        public UnixDomainSocketEndPoint EndPoint { get; }

        public string[] Heard()
        {
            List<string> messages = [];
            var buffer = new byte[1000];
            while (_socket.Available > 0) messages.Add(Encoding.ASCII.GetString(buffer, 0, _socket.Receive(buffer)));
            return [.. messages];
        }

        public void Dispose()
        {
            _socket.Dispose();
            File.Delete(_name);
        }
    }

    /// <summary>The package's own reads the environment of the test's process.</summary>
    private sealed class Notifier(Manager manager) : ISystemdNotifier
    {
        public bool IsEnabled => true;

        public void Notify(ServiceState state)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.ASCII.GetBytes(state.ToString()!), manager.EndPoint);
        }
    }
}
