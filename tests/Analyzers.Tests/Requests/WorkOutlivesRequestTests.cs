using ShutdownAnalyzers.Requests;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Requests;

public sealed class WorkOutlivesRequestTests : RuleTest<WorkOutlivesRequest, WorkOutlivesRequestFix>
{
    private static readonly Action<Code> Library = code => code.OutputKind = Microsoft.CodeAnalysis.OutputKind.DynamicallyLinkedLibrary;

    private const string Types = """


        public interface IMailer
        {
            Task SendAsync(int order, CancellationToken cancellationToken = default);

            ValueTask<bool> TryAsync(Order order);

            void Send(int order);
        }

        public record Order(int Id);
        """;

    private static string App(string body, string usings = "") => $$"""
        {{usings}}var app = WebApplication.CreateBuilder(args).Build();

        {{body.ReplaceLineEndings("\n")}}

        app.Run();
        """ + Types;

    // ---- reported and fixed

    [Fact]
    public Task TaskRunInALambda() => FixesAsync(
        App("""
        app.MapPost("/orders/{id}", (int id, IMailer mailer) =>
        {
            // The customer needn't wait.
            _ = [|Task.Run|](() => mailer.SendAsync(id)); // later
            return Results.Accepted();
        });
        """),
        App("""
        app.MapPost("/orders/{id}", (int id, IMailer mailer, IGracefulShutdown shutdown) =>
        {
            // The customer needn't wait.
            shutdown.Track("Send", ct => mailer.SendAsync(id)); // later
            return Results.Accepted();
        });
        """, "using ShutdownAnalyzers.Runtime;\n\n"));

    [Fact]
    public Task SynchronousWork() => FixesAsync(
        App("""
        app.MapPost("/a", (IMailer mailer) =>
        {
            [|Task.Run|](() => mailer.Send(1));
            Task.Factory.[|StartNew|](() =>
            {
                mailer.Send(2);
            });
            [|ThreadPool.QueueUserWorkItem|](_ => mailer.Send(3));
        });
        """),
        App("""
        app.MapPost("/a", (IMailer mailer, IGracefulShutdown shutdown) =>
        {
            shutdown.Track("Send", _ => { mailer.Send(1); return Task.CompletedTask; });
            shutdown.Track("Send", _ =>
            {
                mailer.Send(2);
                return Task.CompletedTask;
            });
            shutdown.Track("Send", _ => { mailer.Send(3); return Task.CompletedTask; });
        });
        """, "using ShutdownAnalyzers.Runtime;\n\n"));

    [Fact]
    public Task DiscardedCallsInAController() => FixesAsync(
        """
        using Microsoft.AspNetCore.Mvc;

        public class OrdersController : ControllerBase
        {
            private readonly IMailer _mailer;

            public OrdersController(IMailer mailer)
            {
                _mailer = mailer;
            }

            [HttpPost("/a")]
            public IActionResult A(Order order)
            {
                _ = _mailer.[|SendAsync|](order.Id);
                _mailer.[|TryAsync|](order);
                Ship(order).[|Forget|]();
                return Accepted();
            }

            private static async Task Ship(Order order) => await Task.Delay(order.Id);
        }

        public static class Tasks
        {
            public static void Forget(this Task task)
            {
            }
        }
        """.Replace("Ship(order).[|Forget|]();", "[|Ship|](order).Forget();") + Types,
        """
        using Microsoft.AspNetCore.Mvc;
        using ShutdownAnalyzers.Runtime;

        public class OrdersController : ControllerBase
        {
            private readonly IMailer _mailer;
            private readonly IGracefulShutdown _shutdown;

            public OrdersController(IMailer mailer, IGracefulShutdown shutdown)
            {
                _mailer = mailer;
                _shutdown = shutdown;
            }

            [HttpPost("/a")]
            public IActionResult A(Order order)
            {
                _shutdown.Track("Send", ct => _mailer.SendAsync(order.Id, ct));
                _shutdown.Track("Try", _ => _mailer.TryAsync(order).AsTask());
                _shutdown.Track("Ship", _ => Ship(order));
                return Accepted();
            }

            private static async Task Ship(Order order) => await Task.Delay(order.Id);
        }

        public static class Tasks
        {
            public static void Forget(this Task task)
            {
            }
        }
        """ + Types,
        Library);

    [Fact]
    public Task AsyncLambdaWithABlock() => FixesAsync(
        App("""
        app.Use(async (context, next) =>
        {
            _ = [|Task.Run|](async () =>
            {
                await Task.Delay(100);
                await Audit();
            });
            await next(context);
        });

        static Task Audit() => Task.Delay(100);
        """),
        App("""
        app.Use(async (context, next) =>
        {
            context.RequestServices.GetRequiredService<IGracefulShutdown>().Track("background work", async ct =>
            {
                await Task.Delay(100);
                await Audit();
            });
            await next(context);
        });

        static Task Audit() => Task.Delay(100);
        """, "using ShutdownAnalyzers.Runtime;\n\n"));

    [Fact]
    public Task MethodGroupInAPrivateMethodOfAPage() => FixesAsync(
        """
        using Microsoft.AspNetCore.Mvc.RazorPages;

        public class IndexModel : PageModel
        {
            public void OnPost() => Start();

            private void Start()
            {
                [|Task.Run|](Rebuild);
            }

            private async Task Rebuild() => await Task.Delay(100);
        }
        """,
        """
        using Microsoft.AspNetCore.Mvc.RazorPages;
        using ShutdownAnalyzers.Runtime;

        public class IndexModel(IGracefulShutdown shutdown) : PageModel
        {
            public void OnPost() => Start();

            private void Start()
            {
                shutdown.Track("Rebuild", _ => Rebuild());
            }

            private async Task Rebuild() => await Task.Delay(100);
        }
        """,
        Library);

    [Fact]
    public Task LocalFunctionsAndAnonymousMethods() => ReportsAsync(
        App("""
        app.MapPost("/a", Start);
        app.MapPost("/b", delegate (IMailer mailer) { _ = mailer.[|SendAsync|](1); });

        static void Start(IMailer mailer)
        {
            _ = mailer.[|SendAsync|](1);
        }
        """));

    [Fact]
    public Task HubsMiddlewareAndHealthChecksInOtherFiles() => ReportsAsync(
        """
        using Microsoft.AspNetCore.SignalR;

        public partial class Chat(IMailer mailer) : Hub
        {
            public void Say(int id) => Start(id);
        }

        public class Audit(RequestDelegate next, IMailer mailer)
        {
            public Task InvokeAsync(HttpContext context)
            {
                _ = mailer.[|SendAsync|](1);
                return next(context);
            }
        }
        """ + Types,
        code =>
        {
            Library(code);
            code.OtherFiles.Add(("Chat.Start.cs", """
                public partial class Chat
                {
                    private void Start(int id)
                    {
                        _ = mailer.SendAsync(id);
                    }
                }
                """.Replace("_ = mailer.SendAsync", "_ = mailer.{|SHUT502:SendAsync|}")));
        });

    [Fact]
    public Task MainMethod() => ReportsAsync(
        """
        class Program
        {
            static void Main(string[] args)
            {
                var app = WebApplication.CreateBuilder(args).Build();
                app.MapPost("/", (IMailer mailer) => { _ = mailer.[|SendAsync|](1); });
                app.Run();
            }
        }
        """ + Types);

    [Fact]
    public Task OneDefectOneWarning() => ReportsAsync(
        App("""
        app.MapPost("/a", (IMailer mailer) =>
        {
            _ = [|Task.Run|](() =>
            {
                _ = mailer.SendAsync(1);
            });
        });
        """));

    // ---- reported, no fix

    [Fact]
    public Task LocalThatNobodyAsks() => ReportsAsync(
        App("""
        app.MapPost("/a", async (IMailer mailer) =>
        {
            var sent = mailer.[|SendAsync|](1);
            var _ = [|Task.Run|](() => mailer.SendAsync(2));
            var awaited = mailer.SendAsync(3);
            await Task.Yield();
            await awaited;
        });
        """));

    [Fact]
    public Task AsyncVoid() => OffersNoFixAsync(
        App("""
        app.MapPost("/a", (IMailer mailer) =>
        {
            [|Notify|](mailer);
        });

        static async void Notify(IMailer mailer) => await mailer.SendAsync(1);
        """));

    [Fact]
    public Task ChainsAndOptions() => OffersNoFixAsync(
        App("""
        app.MapPost("/a", (IMailer mailer, ILogger<Program> logger) =>
        {
            _ = mailer.SendAsync(1).[|ContinueWith|](task => logger.LogError(task.Exception, "failed"));
            _ = Task.Factory.[|StartNew|](() => mailer.Send(1), TaskCreationOptions.LongRunning);
        });
        """));

    [Fact]
    public Task ArgumentsThatMeanSomethingElseLater() => OffersNoFixAsync(
        App("""
        app.MapPost("/a", (HttpContext context, IMailer mailer) =>
        {
            _ = mailer.[|SendAsync|](int.Parse(context.Request.Query["id"]!));
            for (var i = 0; i < 3; i++)
                _ = mailer.[|SendAsync|](i);
            var id = 1;
            _ = mailer.[|SendAsync|](id);
            id = 2;
            _ = Log(context);
        });

        static async Task Log(HttpContext context) => await Task.Delay(context.Request.Path.Value!.Length);
        """.Replace("_ = Log(context)", "_ = [|Log|](context)")));

    [Fact]
    public Task WithoutTheRuntimeNoFix() => OffersNoFixAsync(
        App("""
        app.MapPost("/a", (IMailer mailer) => { _ = mailer.[|SendAsync|](1); });
        """),
        code => code.Runtime = false);

    // ---- quiet

    [Fact]
    public Task AwaitedStoredOrReturned() => QuietAsync(
        App("""
        app.MapPost("/a", async (IMailer mailer) =>
        {
            var one = Task.Run(() => mailer.SendAsync(1));
            var all = new List<Task> { mailer.SendAsync(2) };
            all.Add(mailer.SendAsync(3));
            await Task.WhenAll(all.Append(one));
            await mailer.SendAsync(4);
            mailer.SendAsync(5).Wait();
        });
        app.MapPost("/b", (IMailer mailer) => mailer.SendAsync(1));
        """));

    [Fact]
    public Task CodeThatStopsTheApp() => QuietAsync(
        App("""
        app.MapPost("/restart", () =>
        {
            _ = Task.Run(async () =>
            {
                await Task.Delay(100);
                app.Lifetime.StopApplication();
            });
        });
        app.MapPost("/stop", () => { _ = Stop(); });
        async Task Stop()
        {
            await Task.Delay(100);
            app.Lifetime.StopApplication();
        }
        """));

    [Fact]
    public Task WorkGivenToAQueue() => QuietAsync(
        App("""
        var jobs = System.Threading.Channels.Channel.CreateUnbounded<int>();
        app.MapPost("/a", (Jobs queue, ShutdownAnalyzers.Runtime.IGracefulShutdown shutdown, IMailer mailer) =>
        {
            _ = jobs.Writer.WriteAsync(1);
            _ = queue.EnqueueAsync(1);
            _ = queue.QueueBackgroundWorkItemAsync(2);
            shutdown.Track("mail", ct => mailer.SendAsync(1, ct));
        });
        """) + """


        public class Jobs
        {
            public Task EnqueueAsync(int job) => Task.CompletedTask;

            public ValueTask QueueBackgroundWorkItemAsync(int job) => default;
        }
        """);

    [Fact]
    public Task AServiceThatGivesItToAQueue() => QuietAsync(
        App("""
        app.MapPost("/scan", (IScanner scanner) => { _ = scanner.ScanAsync(1); });
        """) + """


        public interface IScanner
        {
            Task ScanAsync(int library);
        }

        public class Scanner : IScanner
        {
            public async Task ScanAsync(int library)
            {
                await Task.Yield();
                Jobs.Enqueue(() => Console.WriteLine(library));
            }
        }

        public static class Jobs
        {
            public static void Enqueue(Action job) => throw new NotImplementedException();
        }
        """);

    [Fact]
    public Task JobsOfALibraryThatIsNotRestored() => QuietAsync(
        App("""app.MapPost("/scan", (IScanner scanner) => { scanner.ScanAsync(1); });""") + """

        public interface IScanner
        {
            Task ScanAsync(int library);
        }

        public class Scanner : IScanner
        {
            public async Task ScanAsync(int library)
            {
                await Task.Yield();
                BackgroundJob.Enqueue(() => Console.WriteLine(library));
            }
        }
        """,
        code => code.MayNotCompile = true);

    [Fact]
    public Task WorkTiedToTheRequest() => QuietAsync(
        App("""
        app.MapGet("/a", (HttpContext context, CancellationToken stop, IMailer mailer) =>
        {
            _ = Task.Run(() => mailer.SendAsync(1, stop));
            _ = mailer.SendAsync(2, context.RequestAborted);
        });
        app.MapGet("/pipe", (IMailer mailer) =>
        {
            var pipe = new System.IO.Pipelines.Pipe();
            _ = Task.Run(async () =>
            {
                await pipe.Writer.WriteAsync(new byte[10]);
                await pipe.Writer.CompleteAsync();
            });
            return Results.Stream(pipe.Reader);
        });
        app.MapGet("/channel", (IMailer mailer) =>
        {
            var channel = System.Threading.Channels.Channel.CreateUnbounded<int>();
            _ = Fill(channel.Writer);
            return channel.Reader.ReadAllAsync();
        });
        app.MapGet("/response", (HttpContext context) =>
        {
            _ = context.Response.WriteAsync("hello");
        });

        static async Task Fill(System.Threading.Channels.ChannelWriter<int> writer)
        {
            await writer.WriteAsync(1);
            writer.Complete();
        }
        """));

    [Fact]
    public Task TimersAndTrifles() => QuietAsync(
        App("""
        app.MapGet("/a", (HttpContext context) =>
        {
            var source = new CancellationTokenSource();
            _ = source.CancelAsync();
            _ = Task.Delay(1000).ContinueWith(_ => source.Cancel());
            _ = Task.FromResult(1);
        });
        """));

    [Fact]
    public Task MessagesToHubClients() => QuietAsync(
        """
        using Microsoft.AspNetCore.SignalR;

        public class Chat : Hub
        {
            public void Say(string text) => _ = Clients.All.SendAsync("said", text);
        }

        public class Sender(IHubContext<Chat> hub) : Microsoft.AspNetCore.Mvc.ControllerBase
        {
            public void Send() => _ = hub.Clients.All.SendAsync("said", "hello");
        }
        """,
        Library);

    [Fact]
    public Task OutsideOfHandlers() => QuietAsync(
        """
        var app = WebApplication.CreateBuilder(args).Build();
        _ = Warm();
        app.Lifetime.ApplicationStarted.Register(() => _ = Warm());
        app.Run();

        static Task Warm() => Task.Delay(100);

        public class Mailer
        {
            public void Start() => _ = Task.Run(() => Task.Delay(100));
        }
        """);

    [Fact]
    public Task TestProjects() => QuietAsync(
        App("""
        app.MapPost("/a", (IMailer mailer) => { _ = mailer.SendAsync(1); });
        """),
        code => code.GlobalConfig.Add("build_property.IsTestProject = true"));

    [Theory]
    [InlineData("app.MapPost(\"/\", () => { _ = Task.Run(() => ); });")]
    [InlineData("app.MapPost(\"/\", (IMailer m) => { _ = m.Unknown(; _ = Task.Run(); });")]
    [InlineData("app.MapPost(\"/\", () => { _ = Missing(1).Forget(); async void X() { await } X(); });")]
    public Task BrokenCode(string body) => NeverThrowsAsync(App(body));
}
