using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ShutdownAnalyzers.Runtime.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void WhoeverDeploysHasTheLastWord()
    {
        var process = new FakeProcess();
        process.Variables["SHUTDOWN_DRAIN_DELAY"] = "2.5";
        DrainHost host = DrainHost.Build(
            options =>
            {
                options.DrainDelay = TimeSpan.FromSeconds(20);
                options.RequestTimeout = TimeSpan.FromSeconds(20);
                options.CleanupTimeout = TimeSpan.FromSeconds(7);
            },
            settings: new() { ["GracefulShutdown:DrainDelay"] = "3", ["GracefulShutdown:RequestTimeout"] = "00:00:04", ["GracefulShutdown:LateRequests"] = "refuse" },
            process: process);
        GracefulShutdownOptions options = host.Services.GetRequiredService<IOptions<GracefulShutdownOptions>>().Value;
        Assert.Equal(TimeSpan.FromSeconds(2.5), options.DrainDelay);
        Assert.Equal(TimeSpan.FromSeconds(4), options.RequestTimeout);
        Assert.Equal(TimeSpan.FromSeconds(7), options.CleanupTimeout);
        Assert.Equal(LateRequests.Refuse, options.LateRequests);
    }

    [Theory]
    [InlineData("GracefulShutdown:DrainDelay", "ten")]
    [InlineData("GracefulShutdown:DrainDelay", "-1")]
    [InlineData("GracefulShutdown:DrainDelay", "")]
    [InlineData("GracefulShutdown:RequestTimeout", "NaN")]
    [InlineData("GracefulShutdown:RequestTimeout", "1e3")]
    [InlineData("GracefulShutdown:CleanupTimeout", "-00:00:01")]
    [InlineData("GracefulShutdown:ShedAfter", "5 s")]
    [InlineData("GracefulShutdown:PlatformGrace", "30s")]
    [InlineData("GracefulShutdown:LateRequests", "7")]
    [InlineData("GracefulShutdown:ReadinessMode", "Sometimes")]
    [InlineData("GracefulShutdown:RequestTimeout", "1000000")]
    public async Task AValueThatCannotBeUsedKeepsTheHostFromStarting(string key, string value)
    {
        await using DrainHost host = DrainHost.Build(settings: new() { [key] = value });
        var error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        Assert.Contains(key.Split(':')[1], error.Message);
        if (value.Length > 0) Assert.Contains(value.Trim('-').TrimStart('0', ':'), error.Message);
    }

    /// <summary>Every option, set in code to what it can't be.</summary>
    [Fact]
    public async Task EveryOptionOutOfItsRangeIsNamed()
    {
        TimeSpan negative = TimeSpan.FromTicks(-1), endless = TimeSpan.MaxValue;
        (string Named, Action<GracefulShutdownOptions> Set)[] cases =
        [
            ("DrainDelay", o => o.DrainDelay = negative), ("DrainDelay", o => o.DrainDelay = endless),
            ("ShedAfter", o => o.ShedAfter = negative), ("ShedAfter", o => o.ShedAfter = endless),
            ("RequestTimeout", o => o.RequestTimeout = Timeout.InfiniteTimeSpan), ("RequestTimeout", o => o.RequestTimeout = endless),
            ("StreamTimeout", o => o.StreamTimeout = negative), ("StreamTimeout", o => o.StreamTimeout = endless),
            ("StreamTimeout is 11 s, more than RequestTimeout 10 s", o => o.StreamTimeout = TimeSpan.FromSeconds(11)),
            ("CleanupTimeout", o => o.CleanupTimeout = negative), ("CleanupTimeout", o => o.CleanupTimeout = endless),
            ("PlatformGrace is -1 s, which is negative", o => o.PlatformGrace = TimeSpan.FromSeconds(-1)), ("does not fit PlatformGrace 0 s", o => o.PlatformGrace = TimeSpan.Zero),
            ("LateRequests", o => o.LateRequests = (LateRequests)2), ("ReadinessMode", o => o.ReadinessMode = (ReadinessMode)(-1)),
            ("EarlyEnd.QuietTime", o => o.EarlyEnd.QuietTime = negative), ("EarlyEnd.QuietTime", o => o.EarlyEnd.QuietTime = endless),
            ("EarlyEnd.MinDelay", o => o.EarlyEnd.MinDelay = negative), ("EarlyEnd.UnreadyProbes is 0", o => o.EarlyEnd.UnreadyProbes = 0),
        ];
        foreach ((string named, Action<GracefulShutdownOptions> set) in cases)
        {
            await using DrainHost host = DrainHost.Build(set);
            var error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
            Assert.Contains(named, error.Failures.First());
        }
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("-1")]
    [InlineData("10s")]
    [InlineData("00:00:10")]
    [InlineData("")]
    [InlineData("Infinity")]
    public async Task TheVariableTakesSecondsAlone(string value)
    {
        var process = new FakeProcess();
        process.Variables["SHUTDOWN_DRAIN_DELAY"] = value;
        await using DrainHost host = DrainHost.Build(process: process);
        var error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        Assert.Contains("SHUTDOWN_DRAIN_DELAY", error.Message);
        Assert.Contains($"'{value}'", error.Message);
    }

    [Fact]
    public async Task ABudgetThatCannotFitNamesItsNumbers()
    {
        await using DrainHost host = DrainHost.Build(options =>
        {
            options.DrainDelay = TimeSpan.FromSeconds(20);
            options.PlatformGrace = TimeSpan.FromSeconds(30);
        });
        var error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        foreach (string part in new[] { "DrainDelay 20 s", "RequestTimeout 10 s", "CleanupTimeout 5 s", "margin 2 s", "37 s", "PlatformGrace 30 s" }) Assert.Contains(part, error.Message);
    }

    [Fact]
    public async Task ABudgetThatFitsExactlyIsTaken()
    {
        await using DrainHost host = await DrainHost.StartAsync(options => options.PlatformGrace = TimeSpan.FromSeconds(27));
        Assert.Equal(DrainPhase.Running, host.Phase);
    }

    [Fact]
    public async Task TwoRegistrationsAreAnErrorAtStart()
    {
        await using DrainHost host = DrainHost.Build(build: b => b.Services.AddGracefulShutdown());
        var error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        Assert.Contains("2 times", error.Message);
        Assert.Contains("IHostApplicationBuilder.AddGracefulShutdown", error.Message);
        Assert.Contains("IServiceCollection.AddGracefulShutdown", error.Message);
    }

    [Fact]
    public async Task AnUnknownSettingIsSaidAtStart()
    {
        await using DrainHost host = await DrainHost.StartAsync(settings: new() { ["GracefulShutdown:DrainDelays"] = "3" });
        Assert.Contains(host.Logs.Ours(LogLevel.Warning), l => l.Contains("GracefulShutdown:DrainDelays"));
    }

    [Fact]
    public async Task ThePlatformsGraceHasAVariableOfItsOwn()
    {
        var process = new FakeProcess();
        process.Variables["SHUTDOWN_PLATFORM_GRACE"] = "20";
        await using DrainHost host = DrainHost.Build(options => options.PlatformGrace = TimeSpan.FromSeconds(60), process: process);
        var error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        foreach (string part in new[] { "27 s", "PlatformGrace 20 s", "terminationGracePeriodSeconds", "TimeoutStopSec" }) Assert.Contains(part, error.Message);
    }

    [Theory]
    [InlineData("20", "PlatformGrace 20 s")]
    [InlineData("00:00:20", "PlatformGrace 20 s")]
    [InlineData("soon", "The setting ShutdownPlatformGrace is 'soon'")]
    public async Task ThePlatformsGraceHasASettingOutsideTheSection(string value, string shown)
    {
        await using DrainHost host = DrainHost.Build(settings: new() { ["GracefulShutdown:PlatformGrace"] = "60", ["ShutdownPlatformGrace"] = value });
        var error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        Assert.Contains(shown, error.Message);
    }

    [Fact]
    public async Task AGraceThatIsNoNumberIsAnErrorThatNamesTheVariable()
    {
        var process = new FakeProcess();
        process.Variables["SHUTDOWN_PLATFORM_GRACE"] = "30s";
        await using DrainHost host = DrainHost.Build(process: process);
        var error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        Assert.Contains("SHUTDOWN_PLATFORM_GRACE is '30s'", error.Message);
    }

    /// <summary>The platform's default where nobody has said its grace. What a shell within a systemd unit starts is no unit, and a unit with a notify socket is given the time that it asks for.</summary>
    [Theory]
    [InlineData("KUBERNETES_SERVICE_HOST=10.0.0.1", 13, null)]
    [InlineData("KUBERNETES_SERVICE_HOST=10.0.0.1", 14, "31 s|30 s|Kubernetes|terminationGracePeriodSeconds")]
    [InlineData("INVOCATION_ID=4f1", 73, null)]
    [InlineData("INVOCATION_ID=4f1", 74, "91 s|90 s|systemd|TimeoutStopSec")]
    [InlineData("INVOCATION_ID=4f1 SYSTEMD_EXEC_PID=self", 74, "91 s|90 s|systemd|TimeoutStopSec")]
    [InlineData("INVOCATION_ID=4f1 SYSTEMD_EXEC_PID=1", 74, null)]
    [InlineData("INVOCATION_ID=4f1 NOTIFY_SOCKET=/run/systemd/notify", 74, null)]
    [InlineData("", 600, null)]
    public async Task ABudgetAboveThePlatformsDefaultIsSaidWithItsNumbers(string variables, int delay, string? parts)
    {
        var process = new FakeProcess();
        foreach (string[] variable in variables.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('='))) process.Variables[variable[0]] = variable[1] == "self" ? $"{Environment.ProcessId}" : variable[1];
        await using DrainHost host = DrainHost.Build(options => options.DrainDelay = TimeSpan.FromSeconds(delay), process: process);
        await host.StartAsync();
        process.Variables.Remove("NOTIFY_SOCKET");
        if (parts is null) Assert.Empty(host.Logs.Ours(LogLevel.Warning));
        else Assert.All(parts.Split('|'), part => Assert.Contains(part, Assert.Single(host.Logs.Ours(LogLevel.Warning))));
    }

    [Fact]
    public void TheEarlyEndIsReadFromConfiguration()
    {
        DrainHost host = DrainHost.Build(settings: new() { ["GracefulShutdown:EarlyEnd:QuietTime"] = "2.5", ["GracefulShutdown:EarlyEnd:UnreadyProbes"] = "4", ["GracefulShutdown:EarlyEnd:MinDelay"] = "00:00:03" });
        EarlyEndOptions options = host.Services.GetRequiredService<IOptions<GracefulShutdownOptions>>().Value.EarlyEnd;
        Assert.Equal(TimeSpan.FromSeconds(2.5), options.QuietTime);
        Assert.Equal(4, options.UnreadyProbes);
        Assert.Equal(TimeSpan.FromSeconds(3), options.MinDelay);
    }

    [Theory]
    [InlineData("QuietTime", "soon", "'soon'")]
    [InlineData("QuietTime", "0", "0 s")]
    [InlineData("QuietTime", "-1", "-1 s")]
    [InlineData("UnreadyProbes", "0", "UnreadyProbes is 0")]
    [InlineData("UnreadyProbes", "-2", "'-2'")]
    [InlineData("UnreadyProbes", "2.5", "'2.5'")]
    [InlineData("MinDelay", "-3", "-3 s")]
    public async Task AnEarlyEndThatCannotWorkKeepsTheHostFromStarting(string key, string value, string shown)
    {
        var settings = new Dictionary<string, string?> { ["GracefulShutdown:EarlyEnd:QuietTime"] = "2" };
        settings[$"GracefulShutdown:EarlyEnd:{key}"] = value;
        await using DrainHost host = DrainHost.Build(settings: settings);
        var error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        Assert.Contains(key, error.Message);
        Assert.Contains(shown, error.Message);
    }

    [Fact]
    public async Task AnEarlyEndWithoutUnreadyProbesInTheDelayIsAnError()
    {
        await using DrainHost host = DrainHost.Build(options => options.ReadinessMode = ReadinessMode.AfterDelay, settings: new() { ["GracefulShutdown:EarlyEnd:QuietTime"] = "2" });
        var error = await Assert.ThrowsAsync<OptionsValidationException>(host.StartAsync);
        Assert.Contains("ReadinessMode is AfterDelay", error.Message);
    }

    [Fact]
    public async Task AnUnknownSettingOfTheEarlyEndIsSaidAtStart()
    {
        await using DrainHost host = await DrainHost.StartAsync(settings: new() { ["GracefulShutdown:EarlyEnd:Quiet"] = "3" });
        Assert.Contains(host.Logs.Ours(LogLevel.Warning), l => l.Contains("GracefulShutdown:EarlyEnd:Quiet") && l.Contains("QuietTime, UnreadyProbes and MinDelay"));
    }

    [Theory]
    [InlineData(5, 10, 17)]
    [InlineData(60, 10, 60)]
    [InlineData(30, 40, 47)]
    public void TheHostsTimeoutIsTheLargerOfBoth(int users, int requestTimeout, int expected)
    {
        DrainHost host = DrainHost.Build(
            options => options.RequestTimeout = TimeSpan.FromSeconds(requestTimeout),
            b => b.Services.Configure<HostOptions>(o => o.ShutdownTimeout = TimeSpan.FromSeconds(users)));
        Assert.Equal(TimeSpan.FromSeconds(expected), host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout);
    }
}
