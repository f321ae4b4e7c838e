using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace ShutdownAnalyzers.Runtime.Tests;

/// <summary>Probes come every second: what they are told by design has no place in the log, and what they find out has.</summary>
public sealed class ProbeLogTests : IDisposable
{
    private readonly HttpClient _client = new();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task ProbesThatAreToldOfTheDrainLeaveNoLine()
    {
        await using DrainHost host = await StartAsync(b => b.Services.AddHealthChecks().AddShutdownCheck().AddShutdownCheck("again", "mine"));
        host.Signal();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _client.GetAsync(host.Url + "/health/ready")).StatusCode);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await _client.GetAsync(host.Url + "/checks")).StatusCode);
        }

        Assert.DoesNotContain(host.Logs.Lines, l => l.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task TheReportHoldsTheDrainsCheckAndTheOthersAreStillRunAndLogged()
    {
        HealthCheckResult database = HealthCheckResult.Healthy("fine");
        await using DrainHost host = await StartAsync(b => b.Services.AddHealthChecks().AddShutdownCheck("stopping", "ready", "mine").AddCheck("db", () => database));
        Assert.Equal("Healthy db=Healthy stopping=Healthy", await ReportAsync(host));
        host.Signal();
        Assert.Equal("Unhealthy db=Healthy stopping=Unhealthy", await ReportAsync(host));
        Assert.DoesNotContain(host.Logs.Lines, l => l.Level >= LogLevel.Warning);
        database = HealthCheckResult.Unhealthy("gone");
        Assert.Equal("Unhealthy db=Unhealthy stopping=Unhealthy", await ReportAsync(host));
        Assert.Contains("db", Assert.Single(host.Logs.Lines, l => l.Level >= LogLevel.Warning).Text);
    }

    [Fact]
    public async Task AnEndpointWithoutTheDrainsCheckIsUntouched()
    {
        await using DrainHost host = await StartAsync(
            b => b.Services.AddHealthChecks().AddShutdownCheck().AddCheck("db", () => HealthCheckResult.Healthy(), ["other"]),
            app => app.MapHealthChecks("/others", new HealthCheckOptions { Predicate = check => check.Tags.Contains("other") }));
        host.Signal();
        Assert.Equal(HttpStatusCode.OK, (await _client.GetAsync(host.Url + "/others")).StatusCode);
    }

    [Fact]
    public async Task WithoutTheDrainSequenceTheCheckSaysWhatIsMissing()
    {
        await using ServiceProvider services = new ServiceCollection().AddLogging().AddHealthChecks().AddShutdownCheck().Services.BuildServiceProvider();
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => services.GetRequiredService<HealthCheckService>().CheckHealthAsync());
        Assert.Contains("AddGracefulShutdown", error.Message);
    }

    private static Task<DrainHost> StartAsync(Action<WebApplicationBuilder> build, Action<WebApplication>? map = null) => DrainHost.StartWebAsync(build: build, map: app =>
    {
        app.MapReadiness();
        app.MapHealthChecks("/checks", new HealthCheckOptions
        {
            ResponseWriter = (context, report) => context.Response.WriteAsJsonAsync(report.Entries.ToDictionary(e => e.Key, e => e.Value.Status.ToString()).Append(new("", report.Status.ToString()))),
        });
        map?.Invoke(app);
    });

    private async Task<string> ReportAsync(DrainHost host)
    {
        using HttpResponseMessage response = await _client.GetAsync(host.Url + "/checks");
        var entries = await response.Content.ReadFromJsonAsync<KeyValuePair<string, string>[]>(JsonSerializerOptions.Web);
        return string.Join(' ', entries!.OrderBy(e => e.Key).Select(e => e.Key.Length == 0 ? e.Value : $"{e.Key}={e.Value}"));
    }
}
