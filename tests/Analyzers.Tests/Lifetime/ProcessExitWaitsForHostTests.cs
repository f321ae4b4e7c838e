using ShutdownAnalyzers.Lifetime;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Lifetime;

public sealed class ProcessExitWaitsForHostTests : RuleTest<ProcessExitWaitsForHost, ProcessExitWaitsForHostFix>
{
    [Theory]
    [InlineData("(_, _) => app.StopAsync().[|Wait|]();")]
    [InlineData("(_, _) => app.StopAsync().GetAwaiter().[|GetResult|]();")]
    [InlineData("(_, _) => { Console.WriteLine(); app.StopAsync(TimeSpan.FromSeconds(5)).[|Wait|](); };")]
    [InlineData("delegate { Task.Run(() => app.StopAsync()).[|Wait|](1000); };")]
    [InlineData("(_, _) => [|Task.WaitAll|](app.StopAsync());")]
    [InlineData("(_, _) => app.[|WaitForShutdown|]();")]
    [InlineData("(_, _) => app.WaitForShutdownAsync().[|Wait|]();")]
    [InlineData("(_, _) => app.Lifetime.ApplicationStopped.WaitHandle.[|WaitOne|]();")]
    [InlineData("OnExit; void OnExit(object? sender, EventArgs e) { app.StopAsync().[|Wait|](); }")]
    public Task WaitsForTheHost(string handler) => ReportsAsync(
        "var app = WebApplication.Create(args);\nAppDomain.CurrentDomain.ProcessExit += " + handler + "\napp.Run();");

    [Theory]
    [InlineData("app.Lifetime.ApplicationStopped.Register(() => done.Set()); app.Run();")]
    [InlineData("app.Run(); done.Set();")]
    [InlineData("await app.RunAsync(); done.Set();")]
    [InlineData("try { app.Run(); } finally { done.Set(); }")]
    public Task WaitsForAnEventThatTheEndSets(string run) => ReportsAsync(
        "var app = WebApplication.Create(args); var done = new ManualResetEventSlim();\nAppDomain.CurrentDomain.ProcessExit += (_, _) => done.[|Wait|]();\n" + run + "\nawait Task.CompletedTask;");

    [Fact]
    public Task WaitsForTheRun() => ReportsAsync(
        """
        var app = WebApplication.Create(args);
        var run = app.RunAsync();
        System.Runtime.Loader.AssemblyLoadContext.Default.Unloading += _ => run.[|Wait|]();
        await run;
        """);

    [Fact]
    public Task InAnotherPartOfTheClass() => ReportsAsync(
        "partial class Program { static void OnExit(object? sender, EventArgs e) => App.StopAsync().[|Wait|](); }",
        code => code.OtherFiles.Add(("Main.cs", """
            using System;
            using Microsoft.AspNetCore.Builder;
            partial class Program
            {
                static readonly WebApplication App = WebApplication.Create();
                static void Main() { AppDomain.CurrentDomain.ProcessExit += OnExit; App.Run(); }
            }
            """)));

    [Theory]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.WriteLine(); app.Run();")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += (_, _) => Task.Delay(10).Wait(); app.Run();")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += (_, _) => app.Lifetime.StopApplication(); app.Run();")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += async (_, _) => await app.StopAsync(); app.Run();")]
    [InlineData("var own = new ManualResetEventSlim(); AppDomain.CurrentDomain.ProcessExit += (_, _) => own.Wait(100); _ = Task.Run(() => own.Set()); app.Run();")]
    [InlineData("new System.Runtime.Loader.AssemblyLoadContext(null).Unloading += _ => app.StopAsync().Wait(); app.Run();")]
    [InlineData("Console.CancelKeyPress += (_, _) => app.StopAsync().Wait(); app.Run();")]
    [InlineData("app.Run(); app.StopAsync().Wait();")]
    public Task OtherHandlers(string code) => QuietAsync("var app = WebApplication.Create(args);\n" + code);

    [Fact]
    public Task TestProject() => QuietAsync(
        "var app = WebApplication.Create(args); AppDomain.CurrentDomain.ProcessExit += (_, _) => app.StopAsync().Wait(); app.Run();",
        code => code.GlobalConfig.Add("build_property.IsTestProject = true"));

    [Fact]
    public Task Fixes() => FixesAsync(
        """
        var app = WebApplication.Create(args);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => app.StopAsync().[|Wait|]();
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            Console.WriteLine("bye");
            app.Lifetime.ApplicationStopped.WaitHandle.[|WaitOne|]();
        };
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        app.Run();

        void OnExit(object? sender, EventArgs e)
        {
            app.StopAsync().GetAwaiter().[|GetResult|]();
            Console.WriteLine("end");
        }
        """,
        """
        var app = WebApplication.Create(args);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            Console.WriteLine("bye");
        };
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        app.Run();

        void OnExit(object? sender, EventArgs e)
        {
            Console.WriteLine("end");
        }
        """);

    [Fact]
    public Task FixesInAMethod() => FixesAsync(
        """
        internal static class Program
        {
            private static void Main()
            {
                var host = Host.CreateApplicationBuilder().Build();
                AppDomain.CurrentDomain.ProcessExit += delegate
                {
                    host.StopAsync().[|Wait|]();
                };
                host.Run();
            }
        }
        """,
        """
        internal static class Program
        {
            private static void Main()
            {
                var host = Host.CreateApplicationBuilder().Build();
                host.Run();
            }
        }
        """);

    [Theory]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += (_, _) => { if (app.StopAsync().[|Wait|](100)) Console.WriteLine(); Console.WriteLine(); }; app.Run();")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += OnExit; app.Run(); void OnExit(object? s, EventArgs e) => app.StopAsync().[|Wait|]();")]
    public Task NoFix(string code) => OffersNoFixAsync("var app = WebApplication.Create(args);\n" + code);

    [Theory]
    [InlineData("var app = WebApplication.Create(); AppDomain.CurrentDomain.ProcessExit += (_, _) => app.StopAsync().Wait(;")]
    [InlineData("AppDomain.CurrentDomain.ProcessExit += (_, _) => missing.StopAsync().Wait();")]
    public Task BrokenCodeIsNoException(string source) => NeverThrowsAsync(source);
}
