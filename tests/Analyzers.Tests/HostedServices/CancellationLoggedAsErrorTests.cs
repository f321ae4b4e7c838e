using ShutdownAnalyzers.HostedServices;
using ShutdownAnalyzers.Tests.Framework;
using static ShutdownAnalyzers.Tests.HostedServices.Services;

namespace ShutdownAnalyzers.Tests.HostedServices;

public sealed class CancellationLoggedAsErrorTests : RuleTest<CancellationLoggedAsError, CancellationLoggedAsErrorFix>
{
    [Theory]
    [InlineData("while (!stoppingToken.IsCancellationRequested)", "logger.LogError(exception, \"failed\");")]
    [InlineData("while (!stoppingToken.IsCancellationRequested)", "logger.Log(LogLevel.Warning, exception, \"failed\");")]
    [InlineData("while (!stoppingToken.IsCancellationRequested)", "Failed(logger, exception);")]
    [InlineData("foreach (var item in new[] { 1, 2 })", "logger.LogWarning(exception, \"failed\");")]
    [InlineData("while (true)", "logger.LogCritical(exception, \"failed\"); await Task.Delay(1000, stoppingToken);")]
    public Task Logs(string head, string handler) => FixesAsync(
        Background(
            $$"""
            {{head}}
            {
                try
                {
                    await WorkAsync(stoppingToken);
                }
                [|catch (Exception exception)|]
                {
                    {{handler}}
                }
            }
            """,
            "[LoggerMessage(1, LogLevel.Error, \"failed\")] static void Failed(ILogger logger, Exception exception) { }"),
        Background(
            $$"""
            {{head}}
            {
                try
                {
                    await WorkAsync(stoppingToken);
                }
                catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
                {
                    break;
                }
                catch (Exception exception)
                {
                    {{handler}}
                }
            }
            """,
            "[LoggerMessage(1, LogLevel.Error, \"failed\")] static void Failed(ILogger logger, Exception exception) { }"),
        Library);

    private const string Send =
        """
        private async Task SendAsync(CancellationToken token)
        {
            foreach (var item in new[] { 1, 2 })
            {
                try
                {
                    await WorkAsync(token);
                }
                CATCH
                {
                    logger.LogError(exception, "failed");
                    if (item > 2)
                        await SendAsync(token);
                }
            }
        }
        """;

    [Theory]
    [InlineData("await SendAsync(CancellationToken.None);")]
    [InlineData("await SendAsync(default); await SendAsync(new CancellationTokenSource(1000).Token);")]
    public Task AMethodThatOnlyGetsTokensThatNeverFire(string calls) =>
        QuietAsync(Background(calls, Send.Replace("CATCH", "catch (Exception exception)")), Library);

    [Theory]
    [InlineData("await SendAsync(CancellationToken.None); await SendAsync(stoppingToken);")]
    [InlineData("await SendAsync(CancellationToken.None); Func<CancellationToken, Task> send = SendAsync; await send(stoppingToken);")]
    public Task AMethodThatAlsoGetsTheStoppingToken(string calls) =>
        ReportsAsync(Background(calls, Send.Replace("CATCH", "[|catch (Exception exception)|]")), Library);

    [Theory]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { try { await WorkAsync(stoppingToken); } catch (Exception e) { logger.LogInformation(e, \"failed\"); } }")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { try { await WorkAsync(stoppingToken); } catch (Exception e) { if (!stoppingToken.IsCancellationRequested) logger.LogError(e, \"failed\"); } }")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { try { await WorkAsync(stoppingToken); } catch (OperationCanceledException) { } catch (Exception e) { logger.LogError(e, \"failed\"); } }")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { try { await WorkAsync(stoppingToken); } catch (Exception e) when (e is not OperationCanceledException) { logger.LogError(e, \"failed\"); } }")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { try { await WorkAsync(); } catch (Exception e) { logger.LogError(e, \"failed\"); } }")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { try { await WorkAsync(stoppingToken); } catch (Exception e) { logger.LogError(e, \"failed\"); break; } }")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } catch (Exception e) { logger.LogError(e, \"failed\"); } }")]
    [InlineData("try { while (!stoppingToken.IsCancellationRequested) await WorkAsync(stoppingToken); } catch (Exception e) { logger.LogError(e, \"failed\"); }")]
    public Task Quiet(string body) => QuietAsync(Background(body), Library);

    [Theory]
    [InlineData("class A : BackgroundService { protected override async Task ExecuteAsync(CancellationToken t) { while (!t.IsCancellationRequested) { try { await Task.Delay(1, t); } catch { logger.LogError( } } }")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
