using ShutdownAnalyzers.HostedServices;
using ShutdownAnalyzers.Tests.Framework;
using static ShutdownAnalyzers.Tests.HostedServices.Services;

namespace ShutdownAnalyzers.Tests.HostedServices;

public sealed class CancellationSwallowedTests : RuleTest<CancellationSwallowed, CancellationSwallowedFix>
{
    [Theory]
    [InlineData("catch (Exception exception)", "logger.LogError(exception, \"failed\");")]
    [InlineData("catch (Exception)", "")]
    [InlineData("catch", "")]
    [InlineData("catch (OperationCanceledException)", "continue;")]
    [InlineData("catch (SystemException)", "")]
    public Task Catches(string head, string handler) => FixesAsync(
        Background(
            $$"""
            while (true)
            {
                try
                {
                    await WorkAsync(stoppingToken);
                }
                [|{{head}}|] // keep on
                {
                    {{handler}}
                }
            }
            """),
        Background(
            $$"""
            while (true)
            {
                try
                {
                    await WorkAsync(stoppingToken);
                }
                catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
                {
                    break;
                }
                {{head}} // keep on
                {
                    {{handler}}
                }
            }
            """),
        Library);

    [Fact]
    public Task AMethodThatTheLoopCallsLetsTheCancellationGoOn() => FixesAsync(
        Background(
            "while (true) await StepAsync(stoppingToken);",
            """
            private async Task StepAsync(CancellationToken token)
            {
                try
                {
                    await WorkAsync(token);
                }
                [|catch (Exception e)|]
                {
                    logger.LogError(e, "failed");
                }
            }
            """),
        Background(
            "while (true) await StepAsync(stoppingToken);",
            """
            private async Task StepAsync(CancellationToken token)
            {
                try
                {
                    await WorkAsync(token);
                }
                catch (OperationCanceledException) when (token.IsCancellationRequested)
                {
                    throw;
                }
                catch (Exception e)
                {
                    logger.LogError(e, "failed");
                }
            }
            """),
        Library);

    [Theory]
    [InlineData("while (true) await StepAsync(stoppingToken);", "try { await WorkAsync(token); return true; } catch (Exception) { await Task.Delay(5000, token); return false; }")]
    [InlineData("while (true) await StepAsync(stoppingToken);", "token.ThrowIfCancellationRequested(); try { await WorkAsync(token); return true; } catch (Exception) { return false; }")]
    [InlineData("while (true) await StepAsync(stoppingToken);", "try { await WorkAsync(token); return true; } catch (Exception) when (!token.IsCancellationRequested) { return false; }")]
    [InlineData("while (true) await StepAsync(stoppingToken);", "try { await WorkAsync(token); return true; } catch (Exception e) { if (e is OperationCanceledException) throw; return false; }")]
    [InlineData("while (true) { await StepAsync(stoppingToken); await Task.Delay(1000, stoppingToken); }", "try { await WorkAsync(token); return true; } catch (Exception) { return false; }")]
    [InlineData("while (true) { if (!await StepAsync(stoppingToken)) break; }", "try { await WorkAsync(token); return true; } catch (Exception) { return false; }")]
    [InlineData("while (true) { await StepAsync(stoppingToken); if (stoppingToken.IsCancellationRequested) return; }", "try { await WorkAsync(token); return true; } catch (Exception) { return false; }")]
    [InlineData("while (!stoppingToken.IsCancellationRequested) await StepAsync(stoppingToken);", "try { await WorkAsync(token); return true; } catch (Exception) { return false; }")]
    [InlineData("await StepAsync(stoppingToken);", "try { await WorkAsync(token); return true; } catch (Exception) { return false; }")]
    public Task QuietWhereTheLoopOfTheCallerEnds(string body, string step) => QuietAsync(
        Background(body, $"private async Task<bool> StepAsync(CancellationToken token) {{ {step} }}"), Library);

    [Theory]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } catch (TaskCanceledException) { break; } [|catch (Exception)|] { } }")]
    [InlineData("while (true) { try { await Task.Delay(1000, stoppingToken); } [|catch (TaskCanceledException)|] { } }")]
    [InlineData("while (true) { try { stoppingToken.ThrowIfCancellationRequested(); Work(); } [|catch (Exception)|] { } }")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); return; } [|catch (Exception)|] { await Task.Delay(1000); } }")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } [|catch (Exception e)|] { if (e is IOException) throw; } }")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } [|catch (Exception e)|] when (e is not IOException) { } }")]
    [InlineData("for (;;) { try { await StepAsync(); } [|catch (Exception)|] { } } async Task StepAsync() => await Task.Delay(1000, stoppingToken);")]
    [InlineData("while (true) { try { try { await WorkAsync(stoppingToken); } finally { Work(); } } [|catch (Exception)|] { } }")]
    [InlineData("await Task.Run(async () => { while (true) { try { await WorkAsync(stoppingToken); } [|catch (Exception)|] { } } });")]
    [InlineData("var linked = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken); while (true) { try { await WorkAsync(linked.Token); } [|catch (Exception)|] { } }")]
    public Task GoesOn(string body) => ReportsAsync(Background(body), Library);

    [Fact]
    public Task InASwitch() => ReportsAsync(
        Background("while (true) { switch (DateTime.Now.Day) { default: try { await WorkAsync(stoppingToken); } [|catch|] { } break; } }"), Library);

    [Theory]
    [InlineData("while (!stoppingToken.IsCancellationRequested) { try { await WorkAsync(stoppingToken); } catch (Exception) { } }")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } catch (OperationCanceledException) { break; } catch (Exception) { } }")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { break; } catch (Exception) { } }")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } catch (OperationCanceledException) { throw; } catch (Exception) { } }")]
    [InlineData("while (true) { try { await Task.Delay(1000, stoppingToken); } catch (TaskCanceledException) { break; } catch (Exception) { } }")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } catch (Exception e) when (e is not OperationCanceledException) { } }")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } catch (Exception e) when (!(e is OperationCanceledException)) { } }")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } catch (Exception) when (!stoppingToken.IsCancellationRequested) { } }")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } catch (Exception e) when (Transient(e)) { } } static bool Transient(Exception e) => e is IOException;")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } catch (IOException) { } }")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } catch (Exception) { return; } }")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } catch (Exception) { if (stoppingToken.IsCancellationRequested) break; } }")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } catch (Exception e) { if (e is OperationCanceledException) throw; } }")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } catch (Exception) { await Task.Delay(1000, stoppingToken); } }")]
    [InlineData("while (true) { try { await WorkAsync(stoppingToken); } catch (Exception) { } await Task.Delay(1000, stoppingToken); }")]
    [InlineData("while (true) { if (stoppingToken.IsCancellationRequested) break; try { await WorkAsync(stoppingToken); } catch (Exception) { } }")]
    [InlineData("var tries = 0; while (true) { try { await WorkAsync(stoppingToken); } catch (Exception) { if (++tries > 3) throw; } }")]
    [InlineData("while (true) { try { await WorkAsync(); Work(); } catch (Exception) { } }")]
    [InlineData("try { while (true) await WorkAsync(stoppingToken); } catch (Exception) { }")]
    [InlineData("while (true) { try { stoppingToken.ThrowIfCancellationRequested(); } catch (OperationCanceledException e) when (e.CancellationToken == stoppingToken) { break; } catch (IOException) { } }")]
    public Task Quiet(string body) => QuietAsync(Background(body), Library);

    [Theory]
    [InlineData("class A : BackgroundService { protected override async Task ExecuteAsync(CancellationToken t) { while (true) { try { await Task.Delay(1, t); } catch (Exception e when ( } } }")]
    [InlineData("class A : BackgroundService { protected override async Task ExecuteAsync(CancellationToken t) { while (true) try { t.ThrowIfCancellationRequested(); } catch (Missing) when (x is ) { } } }")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
