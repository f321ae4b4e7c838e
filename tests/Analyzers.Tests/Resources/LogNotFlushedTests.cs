using Microsoft.CodeAnalysis;
using ShutdownAnalyzers.Resources;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Resources;

public sealed class LogNotFlushedTests : RuleTest<LogNotFlushed, LogNotFlushedFix>
{
    private const string SetUp = "Log.Logger = new LoggerConfiguration().WriteTo.File(\"log\", buffered: true).CreateLogger();";

    private const string Reported = "[|Log.Logger|] = new LoggerConfiguration().WriteTo.File(\"log\", buffered: true).CreateLogger();";

    private static readonly Action<Code> Logs = code => code.MoreReferences.AddRange([.. References.Brokers, References.BesideTests("Serilog.Sinks.File.dll")]);

    // However the program names the static logger.
    [Theory]
    [InlineData("using Serilog;", "Log.Logger")]
    [InlineData("using Serilog;", "Serilog.Log.Logger")]
    [InlineData("using Serilog;", "global::Serilog.Log.Logger")]
    [InlineData("using Serilog; using static Serilog.Log;", "Logger")]
    [InlineData("using Serilog; using Main = Serilog.Log;", "Main.Logger")]
    [InlineData("using Serilog; using Logs = Serilog;", "Logs::Log.Logger")]
    [InlineData("using Serilog;", "Logger", "global using static Serilog.Log;")]
    [InlineData("using Serilog;", "Everywhere.Logger", "global using Everywhere = Serilog.Log;")]
    public Task NamesOfTheLogger(string usings, string logger, string elsewhere = "") => ReportsAsync(
        $$"""
        {{usings}}

        [|{{logger}}|] = new LoggerConfiguration().WriteTo.File("log", buffered: true).CreateLogger();
        WebApplication.CreateBuilder(args).Build().Run();
        """,
        code =>
        {
            Logs(code);
            code.OtherFiles.Add(("Usings.cs", elsewhere));
        });

    [Fact]
    public Task TopLevelStatementsGoUnderAFinally() => FixesAsync(
        $$"""
        using Serilog;

        {{Reported}}

        // The host.
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddSerilog();
        builder.Build().Run();

        static void Help() => Console.WriteLine("help");
        """,
        $$"""
        using Serilog;

        {{SetUp}}

        try
        {
            // The host.
            var builder = WebApplication.CreateBuilder(args);
            builder.Services.AddSerilog();
            builder.Build().Run();
        }
        finally
        {
            Log.CloseAndFlush();
        }

        static void Help() => Console.WriteLine("help");
        """,
        Logs);

    [Fact]
    public Task TryThatIsThereGetsAFinally() => FixesAsync(
        $$"""
        using Serilog;

        {{Reported}}
        try
        {
            WebApplication.CreateBuilder(args).Build().Run();
        }
        catch (Exception exception)
        {
            Log.Fatal(exception, "Failed");
        }
        """,
        $$"""
        using Serilog;

        {{SetUp}}
        try
        {
            WebApplication.CreateBuilder(args).Build().Run();
        }
        catch (Exception exception)
        {
            Log.Fatal(exception, "Failed");
        }
        finally
        {
            Log.CloseAndFlush();
        }
        """,
        Logs);

    [Fact]
    public Task SetUpInsideTheTryOfMain() => FixesAsync(
        $$"""
        using Serilog;

        public static class Program
        {
            public static int Main(string[] args)
            {
                try
                {
                    {{Reported}}
                    Host.CreateDefaultBuilder(args).UseSerilog().Build().Run();
                    return 0;
                }
                catch (Exception exception)
                {
                    Log.Fatal(exception, "Failed");
                    return 1;
                }
            }
        }
        """,
        $$"""
        using Serilog;

        public static class Program
        {
            public static int Main(string[] args)
            {
                try
                {
                    {{SetUp}}
                    Host.CreateDefaultBuilder(args).UseSerilog().Build().Run();
                    return 0;
                }
                catch (Exception exception)
                {
                    Log.Fatal(exception, "Failed");
                    return 1;
                }
                finally
                {
                    Log.CloseAndFlush();
                }
            }
        }
        """,
        Logs);

    [Fact]
    public Task NLogThatIsKeptFromFlushingItself() => FixesAsync(
        """
        using NLog;

        [|LogManager.AutoShutdown|] = false;
        LogManager.GetCurrentClassLogger().Info("started");
        """,
        """
        using NLog;

        LogManager.AutoShutdown = false;
        try
        {
            LogManager.GetCurrentClassLogger().Info("started");
        }
        finally
        {
            LogManager.Shutdown();
        }
        """,
        code =>
        {
            Logs(code);
            code.NetOnly = true;
            code.Runtime = false;
        });

    /// <summary>One defect, one warning; which of the host's overloads take the logger over was tried against the real package.</summary>
    [Theory]
    [InlineData(Reported + " host.UseSerilog();")]
    [InlineData(Reported + " host.UseSerilog(Log.Logger);")]
    [InlineData(Reported + " host.UseSerilog(dispose: false);")]
    [InlineData(Reported + " services.AddSerilog();")]
    [InlineData(Reported + " services.AddLogging(logging => logging.AddSerilog());")]
    [InlineData(Reported + " host.UseSerilog((context, configuration) => { }, preserveStaticLogger: true);")]
    [InlineData("[|Log.Logger|] = new LoggerConfiguration().CreateBootstrapLogger();")]
    [InlineData("[|Log.Logger|] = new LoggerConfiguration().CreateBootstrapLogger(); host.UseSerilog((context, configuration) => { });")]
    [InlineData("[|Log.Logger|] = new LoggerConfiguration().CreateBootstrapLogger(); services.AddSerilog((provider, configuration) => { });")]
    [InlineData("[|Log.Logger|] = new LoggerConfiguration().CreateBootstrapLogger(); Log.Logger = new LoggerConfiguration().CreateLogger();")]
    [InlineData("var logger = new LoggerConfiguration().CreateLogger(); [|Log.Logger|] = logger;")]
    [InlineData("[|Log.Logger|] = Make();")]
    [InlineData("[|Serilog.Log.Logger|] = new LoggerConfiguration().CreateLogger();")]
    [InlineData("host.[|UseSerilog|](new LoggerConfiguration().CreateLogger());")]
    [InlineData("services.[|AddSerilog|](new LoggerConfiguration().CreateLogger());")]
    [InlineData("services.AddLogging(logging => logging.[|AddSerilog|](new LoggerConfiguration().CreateLogger()));")]
    [InlineData("[|NLog.LogManager.AutoShutdown|] = false; NLog.LogManager.Flush();")]
    public Task NeverFlushed(string statements) => ReportsAsync(InProgram(statements), Logs);

    [Theory]
    [InlineData(SetUp + " Log.CloseAndFlush();")]
    [InlineData(SetUp + " await Log.CloseAndFlushAsync();")]
    [InlineData(SetUp + " AppDomain.CurrentDomain.ProcessExit += (_, _) => Log.CloseAndFlush();")]
    [InlineData(SetUp + " (Log.Logger as IDisposable)?.Dispose();")]
    [InlineData(SetUp + " ((IDisposable)Log.Logger).Dispose();")]
    [InlineData(SetUp + " host.UseSerilog(dispose: true);")]
    [InlineData(SetUp + " host.UseSerilog(logger: null, dispose: true);")]
    [InlineData(SetUp + " services.AddSerilog(dispose: true);")]
    [InlineData(SetUp + " services.AddLogging(logging => logging.AddSerilog(dispose: true));")]
    [InlineData(SetUp + " host.UseSerilog((context, configuration) => { });")]
    [InlineData(SetUp + " host.UseSerilog((context, provider, configuration) => { });")]
    [InlineData("host.UseSerilog((context, configuration) => { });")]
    [InlineData("services.AddSerilog((provider, configuration) => { });")]
    [InlineData("services.AddSerilog(configuration => { });")]
    [InlineData("host.UseSerilog(new LoggerConfiguration().CreateLogger(), dispose: true);")]
    [InlineData("services.AddSerilog(new LoggerConfiguration().CreateLogger(), dispose: true);")]
    [InlineData("host.UseSerilog();")]
    [InlineData("Log.Logger = Serilog.Core.Logger.None;")]
    [InlineData("Log.Logger = services.BuildServiceProvider().GetRequiredService<Serilog.ILogger>();")]
    [InlineData("NLog.LogManager.AutoShutdown = true;")]
    [InlineData("NLog.LogManager.AutoShutdown = false; NLog.LogManager.Shutdown();")]
    [InlineData("NLog.LogManager.GetCurrentClassLogger().Info(\"a\");")]
    public Task Flushed(string statements) => QuietAsync(InProgram(statements), Logs);

    /// <summary>What another project does with the log isn't in sight.</summary>
    [Theory]
    [InlineData("Log.Logger = Shop.Logging.Create();")]
    [InlineData(SetUp + " Shop.Logging.FlushAll();")]
    public Task SetUpInAnotherProject(string statements) => QuietAsync(
        InProgram(statements),
        code =>
        {
            Logs(code);
            code.MoreReferences.Add(References.LibraryWith("namespace Shop; public static class Logging { public static Serilog.ILogger Create() => null!; public static void FlushAll() { } }", References.Brokers));
        });

    [Fact]
    public Task SilentInLibraries() => QuietAsync(
        $$"""
        using Serilog;

        public static class Logging
        {
            public static void Start() { {{SetUp}} }
        }
        """,
        code =>
        {
            Logs(code);
            code.OutputKind = OutputKind.DynamicallyLinkedLibrary;
        });

    [Theory]
    [InlineData("[|Log.Logger|] = new LoggerConfiguration().CreateLogger();")]
    public Task NoFixAtTheEndOfTheProgram(string statement) => OffersNoFixAsync("using Serilog;\n\n" + statement + "\n", Logs);

    [Fact]
    public Task NoFixOutsideOfTheEntryPoint() => OffersNoFixAsync(
        $$"""
        using Serilog;

        Start();
        Console.WriteLine();

        static void Start()
        {
            {{Reported}}
            Log.Information("started");
        }
        """,
        Logs);

    /// <summary>A logger that only the registration knows is the host's to dispose of.</summary>
    [Theory]
    [InlineData("host.[|UseSerilog|](Make());", "host.UseSerilog(Make(), dispose: true);")]
    [InlineData("host.[|UseSerilog|](Make(), false);", "host.UseSerilog(Make(), true);")]
    [InlineData("services.[|AddSerilog|](Make(), dispose: false);", "services.AddSerilog(Make(), dispose: true);")]
    [InlineData("services.AddLogging(logging => logging.[|AddSerilog|](Make()));", "services.AddLogging(logging => logging.AddSerilog(Make(), dispose: true));")]
    public Task RegisteredLoggerBecomesTheHosts(string statement, string fixedStatement) => FixesAsync(InProgram(statement), InProgram(fixedStatement), Logs);

    [Fact]
    public Task StaticLoggerThatIsSetUpElsewhereBecomesTheHosts() => FixesAsync(
        """
        using Serilog;

        Logging.Start();
        Host.CreateDefaultBuilder(args).UseSerilog().Build().Run();

        static class Logging
        {
            public static void Start() => [|Log.Logger|] = new LoggerConfiguration().CreateLogger();
        }
        """,
        """
        using Serilog;

        Logging.Start();
        Host.CreateDefaultBuilder(args).UseSerilog(dispose: true).Build().Run();

        static class Logging
        {
            public static void Start() => Log.Logger = new LoggerConfiguration().CreateLogger();
        }
        """,
        Logs);

    [Theory]
    [InlineData("Log.Logger = ; Log.Logger = Log.Logger; Log.Logger += new LoggerConfiguration(;")]
    [InlineData("LogManager.AutoShutdown = ; UseSerilog(,); new Missing().UseSerilog(logger: null);")]
    public Task BrokenCode(string code) => NeverThrowsAsync(
        $$"""
        using Serilog;
        {{code}}
        namespace Serilog { public static class Log { public static object Logger { get; set; } } public class LoggerConfiguration { public object CreateLogger() => null!; } }
        """);

    private static string InProgram(string statements) =>
        $$"""
        using Serilog;

        IHostBuilder host = Host.CreateDefaultBuilder(args);
        var services = new ServiceCollection();
        {{statements}}
        host.Build().Run();
        await Task.CompletedTask;

        static Serilog.ILogger Make() => new LoggerConfiguration().CreateLogger();
        """;
}
