using ShutdownAnalyzers.Requests;
using ShutdownAnalyzers.Tests.Framework;

namespace ShutdownAnalyzers.Tests.Requests;

public sealed class StreamIgnoresDrainTests : RuleTest<StreamIgnoresDrain, StreamIgnoresDrainFix>
{
    private static readonly Action<Code> Library = code => code.OutputKind = Microsoft.CodeAnalysis.OutputKind.DynamicallyLinkedLibrary;

    private static readonly Action<Code> Grpc = code =>
    {
        code.MoreReferences.Add(References.BesideTests("Grpc.Core.Api.dll"));
        code.MoreReferences.Add(References.BesideTests("Grpc.Net.Common.dll"));
        code.OtherFiles.Add(("GrpcServer.cs", """
            namespace Grpc.Core
            {
                public static class ServerCallContextExtensions
                {
                    public static Microsoft.AspNetCore.Http.HttpContext GetHttpContext(this ServerCallContext context) => throw new System.NotSupportedException();
                }
            }
            """));
    };

    private static string App(string body) => $$"""
        using System.Net.WebSockets;
        using System.Runtime.CompilerServices;
        using System.Threading.Channels;

        var app = WebApplication.CreateBuilder(args).Build();

        {{body.ReplaceLineEndings("\n")}}

        app.Run();
        """;

    // ---- reported

    [Fact]
    public Task EventsOnRequestAborted() => FixesAsync(
        App("""
        app.MapGet("/events", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/event-stream";
            [|while (!context.RequestAborted.IsCancellationRequested)|]
            {
                await context.Response.WriteAsync("data: tick\n\n", context.RequestAborted);
                await Task.Delay(1000, context.RequestAborted); // a tick
            }
        });
        """),
        App("""
        app.MapGet("/events", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/event-stream";
            while (!context.GetDrainToken().IsCancellationRequested)
            {
                await context.Response.WriteAsync("data: tick\n\n", context.GetDrainToken());
                await Task.Delay(1000, context.GetDrainToken()); // a tick
            }
        });
        """));

    [Fact]
    public Task EventsOnTheHandlersToken() => FixesAsync(
        App("""
        app.MapGet("/events", async (HttpResponse response, CancellationToken cancellationToken) =>
        {
            response.Headers.ContentType = "text/event-stream";
            [|for (var i = 0; !cancellationToken.IsCancellationRequested; i++)|]
            {
                await response.WriteAsync($"data: {i}\n\n");
                await Task.Delay(1000, cancellationToken);
            }
        });
        """),
        App("""
        app.MapGet("/events", async (HttpResponse response) =>
        {
            response.Headers.ContentType = "text/event-stream";
            for (var i = 0; !response.HttpContext.GetDrainToken().IsCancellationRequested; i++)
            {
                await response.WriteAsync($"data: {i}\n\n");
                await Task.Delay(1000, response.HttpContext.GetDrainToken());
            }
        });
        """));

    [Fact]
    public Task TheTokenStaysWhereItHasOtherUses() => FixesAsync(
        App("""
        app.MapGet("/events", async (HttpContext context, CancellationToken cancellationToken) =>
        {
            await context.Response.WriteAsync("retry: 500\n\n", cancellationToken);
            [|while (true)|]
            {
                await context.Response.WriteAsync("data: tick\n\n");
                await Task.Delay(1000, cancellationToken);
            }
        });
        """),
        App("""
        app.MapGet("/events", async (HttpContext context, CancellationToken cancellationToken) =>
        {
            await context.Response.WriteAsync("retry: 500\n\n", cancellationToken);
            while (true)
            {
                await context.Response.WriteAsync("data: tick\n\n");
                await Task.Delay(1000, context.GetDrainToken());
            }
        });
        """));

    [Fact]
    public Task TheRequestIsTakenAsParameter() => FixesAsync(
        App("""
        var channel = Channel.CreateUnbounded<string>();
        app.MapGet("/events", (CancellationToken cancellationToken) => TypedResults.ServerSentEvents(channel.Reader.[|ReadAllAsync|](cancellationToken)));
        """),
        App("""
        var channel = Channel.CreateUnbounded<string>();
        app.MapGet("/events", (HttpContext context) => TypedResults.ServerSentEvents(channel.Reader.ReadAllAsync(context.GetDrainToken())));
        """));

    [Fact]
    public Task FirstParameterOfSeveral() => FixesAsync(
        App("""
        app.MapGet("/events/{topic}", (CancellationToken stop, string topic) => Results.ServerSentEvents([|Updates|](topic, stop)));

        static async IAsyncEnumerable<string> Updates(string topic, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            while (true)
            {
                yield return topic;
                await Task.Delay(1000, cancellationToken);
            }
        }
        """),
        App("""
        app.MapGet("/events/{topic}", (string topic, HttpContext context) => Results.ServerSentEvents(Updates(topic, context.GetDrainToken())));

        static async IAsyncEnumerable<string> Updates(string topic, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            while (true)
            {
                yield return topic;
                await Task.Delay(1000, cancellationToken);
            }
        }
        """));

    [Fact]
    public Task WebSocketEcho() => FixesAsync(
        App("""
        app.Map("/chat", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[1024];
            [|while (socket.State == WebSocketState.Open)|]
            {
                var result = await socket.ReceiveAsync(buffer, context.RequestAborted);
                if (result.MessageType == WebSocketMessageType.Close)
                    break;
                await socket.SendAsync(buffer.AsMemory(0, result.Count), result.MessageType, result.EndOfMessage, CancellationToken.None);
            }

            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        });
        """),
        App("""
        app.Map("/chat", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[1024];
            while (socket.State == WebSocketState.Open)
            {
                var result = await socket.ReceiveAsync(buffer, context.GetDrainToken());
                if (result.MessageType == WebSocketMessageType.Close)
                    break;
                await socket.SendAsync(buffer.AsMemory(0, result.Count), result.MessageType, result.EndOfMessage, CancellationToken.None);
            }

            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        });
        """));

    [Fact]
    public Task WebSocketInMiddlewareThatReceivesWithNone() => FixesAsync(
        App("""
        app.Use(async (context, next) =>
        {
            if (!context.WebSockets.IsWebSocketRequest)
            {
                await next(context);
                return;
            }

            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[1024];
            var result = await socket.ReceiveAsync(buffer, CancellationToken.None);
            [|while (!result.CloseStatus.HasValue)|]
            {
                await socket.SendAsync(buffer.AsMemory(0, result.Count), result.MessageType, result.EndOfMessage, CancellationToken.None);
                result = await socket.ReceiveAsync(new ArraySegment<byte>(buffer), CancellationToken.None);
            }
        });
        """),
        App("""
        app.Use(async (context, next) =>
        {
            if (!context.WebSockets.IsWebSocketRequest)
            {
                await next(context);
                return;
            }

            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[1024];
            var result = await socket.ReceiveAsync(buffer, CancellationToken.None);
            while (!result.CloseStatus.HasValue)
            {
                await socket.SendAsync(buffer.AsMemory(0, result.Count), result.MessageType, result.EndOfMessage, CancellationToken.None);
                result = await socket.ReceiveAsync(new ArraySegment<byte>(buffer), context.GetDrainToken());
            }
        });
        """));

    [Fact]
    public Task WebSocketInAnotherClass() => ReportsAsync(
        """
        using System.Net.WebSockets;

        var app = WebApplication.CreateBuilder(args).Build();
        app.Map("/ws", async (HttpContext context) => await new Session(await context.WebSockets.AcceptWebSocketAsync()).RunAsync());
        app.Run();

        class Session(WebSocket socket)
        {
            public async Task RunAsync()
            {
                var buffer = new byte[1024];
                [|while (socket.State == WebSocketState.Open)|]
                {
                    var result = await socket.ReceiveAsync(buffer, CancellationToken.None);
                    if (result.MessageType == WebSocketMessageType.Close)
                        return;
                }
            }
        }
        """);

    [Fact]
    public Task WebSocketWithAReceiveOfItsOwn() => ReportsAsync(
        """
        using System.Net.WebSockets;

        var app = WebApplication.CreateBuilder(args).Build();
        app.Map("/ws", async (HttpContext context, CancellationToken stop) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            [|while (true)|]
            {
                var result = await socket.ReceiveAndPingAsync(stop);
                if (result.MessageType == WebSocketMessageType.Close)
                    break;
            }
        });
        app.Run();

        static class Sockets
        {
            public static Task<WebSocketReceiveResult> ReceiveAndPingAsync(this WebSocket socket, CancellationToken stop) =>
                socket.ReceiveAsync(new ArraySegment<byte>(new byte[1]), stop);
        }
        """);

    [Fact]
    public Task EventsWithAHeartbeat() => ReportsAsync(
        App("""
        app.MapGet("/events", async (HttpContext context, ChannelReader<string> reader, CancellationToken stop) =>
        {
            context.Response.ContentType = "text/event-stream";
            using var heartbeat = new PeriodicTimer(TimeSpan.FromSeconds(15));
            [|while (!stop.IsCancellationRequested)|]
            {
                var data = reader.WaitToReadAsync(stop).AsTask();
                var tick = heartbeat.WaitForNextTickAsync(stop).AsTask();
                if (await Task.WhenAny(data, tick) == tick)
                {
                    await context.Response.WriteAsync(":heartbeat\n\n", stop);
                    continue;
                }

                if (!await data)
                    break;
                while (reader.TryRead(out var line))
                    await context.Response.WriteAsync(line, stop);
            }
        });
        """));

    [Fact]
    public Task WebSocketHelperGetsTheTokenFromItsCaller() => FixesAsync(
        """
        using System.Net.WebSockets;

        var app = WebApplication.CreateBuilder(args).Build();
        app.Map("/ws", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await Echo(socket, context.RequestAborted);
        });
        app.Run();

        static async Task Echo(WebSocket socket, CancellationToken cancellationToken)
        {
            var buffer = new byte[1024];
            [|while (true)|]
            {
                var result = await socket.ReceiveAsync(buffer, cancellationToken);
                if (result.MessageType == WebSocketMessageType.Close)
                    return;
                await socket.SendAsync(buffer.AsMemory(0, result.Count), result.MessageType, result.EndOfMessage, cancellationToken);
            }
        }
        """,
        """
        using System.Net.WebSockets;

        var app = WebApplication.CreateBuilder(args).Build();
        app.Map("/ws", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await Echo(socket, context.GetDrainToken());
        });
        app.Run();

        static async Task Echo(WebSocket socket, CancellationToken cancellationToken)
        {
            var buffer = new byte[1024];
            while (true)
            {
                var result = await socket.ReceiveAsync(buffer, cancellationToken);
                if (result.MessageType == WebSocketMessageType.Close)
                    return;
                await socket.SendAsync(buffer.AsMemory(0, result.Count), result.MessageType, result.EndOfMessage, cancellationToken);
            }
        }
        """);

    [Fact]
    public Task ControllersActions() => FixesAsync(
        """
        using System;
        using System.Collections.Generic;
        using System.Runtime.CompilerServices;
        using System.Threading;
        using System.Threading.Channels;
        using System.Threading.Tasks;
        using Microsoft.AspNetCore.Mvc;

        public class FeedController(Channel<string> channel) : ControllerBase
        {
            [HttpGet("/lines")]
            public async Task Lines(CancellationToken cancellationToken)
            {
                Response.ContentType = "application/x-ndjson";
                [|await foreach (var line in channel.Reader.ReadAllAsync(cancellationToken))|]
                {
                    await Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
                    await Response.Body.FlushAsync();
                }
            }

            [HttpGet("/numbers")]
            public async IAsyncEnumerable<int> Numbers([EnumeratorCancellation] CancellationToken cancellationToken)
            {
                [|for (var i = 0; ; i++)|]
                {
                    yield return i;
                    await Task.Delay(1000, cancellationToken);
                }
            }

            [HttpGet("/ticks")]
            public IAsyncEnumerable<int> Ticks(CancellationToken cancellationToken) => [|Count|](cancellationToken);

            [HttpGet("/next")]
            public async Task<string> Next() => await channel.Reader.[|ReadAsync|](HttpContext.RequestAborted);

            private static async IAsyncEnumerable<int> Count([EnumeratorCancellation] CancellationToken cancellationToken)
            {
                using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
                while (await timer.WaitForNextTickAsync(cancellationToken))
                    yield return 1;
            }
        }
        """,
        """
        using System;
        using System.Collections.Generic;
        using System.Runtime.CompilerServices;
        using System.Threading;
        using System.Threading.Channels;
        using System.Threading.Tasks;
        using Microsoft.AspNetCore.Http;
        using Microsoft.AspNetCore.Mvc;

        public class FeedController(Channel<string> channel) : ControllerBase
        {
            [HttpGet("/lines")]
            public async Task Lines(CancellationToken cancellationToken)
            {
                Response.ContentType = "application/x-ndjson";
                await foreach (var line in channel.Reader.ReadAllAsync(HttpContext.GetDrainToken()))
                {
                    await Response.Body.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
                    await Response.Body.FlushAsync();
                }
            }

            [HttpGet("/numbers")]
            public async IAsyncEnumerable<int> Numbers([EnumeratorCancellation] CancellationToken cancellationToken)
            {
                for (var i = 0; ; i++)
                {
                    yield return i;
                    await Task.Delay(1000, HttpContext.GetDrainToken());
                }
            }

            [HttpGet("/ticks")]
            public IAsyncEnumerable<int> Ticks(CancellationToken cancellationToken) => Count(HttpContext.GetDrainToken());

            [HttpGet("/next")]
            public async Task<string> Next() => await channel.Reader.ReadAsync(HttpContext.GetDrainToken());

            private static async IAsyncEnumerable<int> Count([EnumeratorCancellation] CancellationToken cancellationToken)
            {
                using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
                while (await timer.WaitForNextTickAsync(cancellationToken))
                    yield return 1;
            }
        }
        """,
        code => { code.ImplicitUsings = false; Library(code); });

    [Fact]
    public Task BehindAnInterface() => ReportsAsync(
        """
        using System.Runtime.CompilerServices;
        using System.Threading.Channels;

        var app = WebApplication.CreateBuilder(args).Build();
        app.MapGet("/events", async (IBroadcaster broadcaster, HttpResponse response, CancellationToken stop) =>
        {
            response.ContentType = "text/event-stream";
            [|await foreach (var line in broadcaster.Subscribe(stop))|]
                await response.WriteAsync(line, stop);
        });
        app.Run();

        interface IBroadcaster
        {
            IAsyncEnumerable<string> Subscribe(CancellationToken stop);
        }

        class Broadcaster : IBroadcaster
        {
            private readonly List<Channel<string>> _subscribers = [];

            public async IAsyncEnumerable<string> Subscribe([EnumeratorCancellation] CancellationToken stop)
            {
                var channel = Channel.CreateUnbounded<string>();
                _subscribers.Add(channel);
                try
                {
                    await foreach (var line in channel.Reader.ReadAllAsync(stop))
                        yield return line;
                }
                finally
                {
                    _subscribers.Remove(channel);
                    channel.Writer.Complete();
                }
            }
        }
        """);

    [Fact]
    public Task LongPollsThatAskAgainAndAgain() => FixesAsync(
        App("""
        app.MapGet("/messages", async (HttpContext context, Inbox inbox) =>
        {
            [|while (!context.RequestAborted.IsCancellationRequested)|]
            {
                var messages = inbox.Take();
                if (messages.Count > 0)
                    return Results.Ok(messages);
                await Task.Delay(250, context.RequestAborted);
            }

            return Results.NoContent();
        });
        """) + "\n\nclass Inbox { public List<string> Take() => []; }",
        App("""
        app.MapGet("/messages", async (HttpContext context, Inbox inbox) =>
        {
            while (!context.GetDrainToken().IsCancellationRequested)
            {
                var messages = inbox.Take();
                if (messages.Count > 0)
                    return Results.Ok(messages);
                await Task.Delay(250, context.GetDrainToken());
            }

            return Results.NoContent();
        });
        """) + "\n\nclass Inbox { public List<string> Take() => []; }");

    [Fact]
    public Task LinkedWithATokenThatNoStopCancels() => FixesAsync(
        App("""
        app.MapGet("/events", async (HttpContext context) =>
        {
            using var source = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            [|while (!source.Token.IsCancellationRequested)|]
            {
                await context.Response.WriteAsync("data: 1\n\n");
                await Task.Delay(1000, source.Token);
            }
        });
        """),
        App("""
        app.MapGet("/events", async (HttpContext context) =>
        {
            using var source = CancellationTokenSource.CreateLinkedTokenSource(context.GetDrainToken());
            while (!source.Token.IsCancellationRequested)
            {
                await context.Response.WriteAsync("data: 1\n\n");
                await Task.Delay(1000, source.Token);
            }
        });
        """));

    [Fact]
    public Task ABoundOfAnHourIsNone() => ReportsAsync(
        App("""
        app.MapGet("/events", async (HttpContext context) =>
        {
            using var source = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
            source.CancelAfter(TimeSpan.FromHours(1));
            [|while (!source.IsCancellationRequested)|]
            {
                await context.Response.WriteAsync("data: 1\n\n");
                await Task.Delay(1000, source.Token);
            }
        });
        """));

    [Fact]
    public Task GrpcServerStreams() => FixesAsync(
        """
        using System.Threading.Tasks;
        using Grpc.Core;

        public class Ticker
        {
            public async Task Subscribe(string request, IServerStreamWriter<string> responseStream, ServerCallContext context)
            {
                [|while (!context.CancellationToken.IsCancellationRequested)|]
                {
                    await responseStream.WriteAsync("tick");
                    await Task.Delay(1000, context.CancellationToken);
                }
            }

            public async Task Talk(IAsyncStreamReader<string> requestStream, IServerStreamWriter<string> responseStream, ServerCallContext context)
            {
                [|await foreach (var line in requestStream.ReadAllAsync(context.CancellationToken))|]
                    await responseStream.WriteAsync(line);
            }
        }
        """,
        """
        using System.Threading.Tasks;
        using Grpc.Core;
        using Microsoft.AspNetCore.Http;

        public class Ticker
        {
            public async Task Subscribe(string request, IServerStreamWriter<string> responseStream, ServerCallContext context)
            {
                while (!context.GetHttpContext().GetDrainToken().IsCancellationRequested)
                {
                    await responseStream.WriteAsync("tick");
                    await Task.Delay(1000, context.GetHttpContext().GetDrainToken());
                }
            }

            public async Task Talk(IAsyncStreamReader<string> requestStream, IServerStreamWriter<string> responseStream, ServerCallContext context)
            {
                await foreach (var line in requestStream.ReadAllAsync(context.GetHttpContext().GetDrainToken()))
                    await responseStream.WriteAsync(line);
            }
        }
        """,
        code => { Grpc(code); Library(code); code.ImplicitUsings = false; });

    [Fact]
    public Task AnonymousMethodsAndLocalFunctions() => ReportsAsync(
        App("""
        app.MapGet("/a", async delegate (HttpContext context)
        {
            [|while (true)|]
            {
                await context.Response.WriteAsync("data: 1\n\n");
                await Task.Delay(1000, context.RequestAborted);
            }
        });
        app.MapGet("/b", Stream);

        async Task Stream(HttpContext context)
        {
            [|while (true)|]
            {
                await context.Response.WriteAsync("data: 1\n\n");
                await Task.Delay(1000, context.RequestAborted);
            }
        }
        """));

    [Fact]
    public Task MiddlewareClassInAnotherFile() => ReportsAsync(
        """
        using Microsoft.AspNetCore.Http;

        public partial class Feed(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext context)
            {
                if (context.Request.Path == "/feed")
                    await StreamAsync(context);
                else
                    await next(context);
            }

            private async Task StreamAsync(HttpContext context)
            {
                [|while (!context.RequestAborted.IsCancellationRequested)|]
                    await TickAsync(context);
            }
        }
        """,
        code =>
        {
            Library(code);
            code.OtherFiles.Add(("Feed.Tick.cs", """
                using System.Threading.Tasks;
                using Microsoft.AspNetCore.Http;

                public partial class Feed
                {
                    private static async Task TickAsync(HttpContext context)
                    {
                        await context.Response.WriteAsync("data: 1\n\n");
                        await Task.Delay(1000, context.RequestAborted);
                    }
                }
                """));
        });

    [Fact]
    public Task MainMethod() => ReportsAsync(
        """
        class Program
        {
            static void Main(string[] args)
            {
                var app = WebApplication.CreateBuilder(args).Build();
                app.Run(async context =>
                {
                    [|while (true)|]
                    {
                        await context.Response.WriteAsync("data: 1\n\n");
                        await Task.Delay(1000, context.RequestAborted);
                    }
                });
                app.Run();
            }
        }
        """);

    [Fact]
    public Task SeveralStreamsOfOneFile() => FixesAsync(
        App("""
        app.MapGet("/a", async (HttpContext context) =>
        {
            [|while (!context.RequestAborted.IsCancellationRequested)|]
                await Task.Delay(1000, context.RequestAborted);
        });
        app.MapGet("/b", async (CancellationToken ct) =>
        {
            [|while (!ct.IsCancellationRequested)|]
                await Task.Delay(1000, ct);
        });
        """),
        App("""
        app.MapGet("/a", async (HttpContext context) =>
        {
            while (!context.GetDrainToken().IsCancellationRequested)
                await Task.Delay(1000, context.GetDrainToken());
        });
        app.MapGet("/b", async (HttpContext context) =>
        {
            while (!context.GetDrainToken().IsCancellationRequested)
                await Task.Delay(1000, context.GetDrainToken());
        });
        """));

    // ---- quiet

    [Theory]
    [InlineData("using var source = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, app.Lifetime.ApplicationStopping); var stop = source.Token;")]
    [InlineData("using var source = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted); using var _ = app.Lifetime.ApplicationStopping.Register(source.Cancel); var stop = source.Token;")]
    [InlineData("using var source = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, context.RequestServices.GetRequiredService<ShutdownAnalyzers.Runtime.IGracefulShutdown>().Draining); var stop = source.Token;")]
    [InlineData("var stop = context.GetDrainToken();")]
    [InlineData("using var source = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted); source.CancelAfter(TimeSpan.FromSeconds(20)); var stop = source.Token;")]
    [InlineData("using var source = new CancellationTokenSource(TimeSpan.FromSeconds(25)); var stop = source.Token;")]
    [InlineData("var stop = Stopper.Token;")]
    public Task EndsWithTheStopOrSoon(string token) => QuietAsync(
        App($$"""
        app.MapGet("/events", async (HttpContext context) =>
        {
            {{token}}
            while (!stop.IsCancellationRequested)
            {
                await context.Response.WriteAsync("data: 1\n\n");
                await Task.Delay(1000, stop);
            }
        });
        """) + "\n\nstatic class Stopper { public static CancellationToken Token { get; set; } }");

    [Fact]
    public Task AFlagThatTheStopSets() => QuietAsync(
        App("""
        var stopping = false;
        app.Lifetime.ApplicationStopping.Register(() => stopping = true);
        app.MapGet("/events", async (HttpContext context) =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                if (stopping)
                    break;
                await context.Response.WriteAsync("data: 1\n\n");
                await Task.Delay(1000, context.RequestAborted);
            }
        });
        """));

    [Fact]
    public Task AChannelThatTheStopCompletes() => QuietAsync(
        App("""
        var channel = Channel.CreateUnbounded<string>();
        app.Lifetime.ApplicationStopping.Register(() => channel.Writer.Complete());
        app.MapGet("/events", (CancellationToken stop) => TypedResults.ServerSentEvents(channel.Reader.ReadAllAsync(stop)));
        """));

    [Fact]
    public Task AChannelThatTheHandlerFillsItself() => QuietAsync(
        App("""
        app.MapGet("/search", (CancellationToken stop) =>
        {
            var found = Channel.CreateUnbounded<string>();
            _ = SearchAsync(found.Writer, stop);
            return found.Reader.ReadAllAsync(stop);
        });
        app.MapGet("/both", async (HttpContext context) =>
        {
            var lines = Channel.CreateUnbounded<string>();
            var work = Task.Run(async () =>
            {
                try
                {
                    await lines.Writer.WriteAsync("a");
                }
                finally
                {
                    lines.Writer.Complete();
                }
            });
            await foreach (var line in lines.Reader.ReadAllAsync(context.RequestAborted))
                await context.Response.WriteAsync(line);
            await work;
        });

        static async Task SearchAsync(ChannelWriter<string> found, CancellationToken stop)
        {
            await found.WriteAsync("a", stop);
            found.Complete();
        }
        """));

    [Fact]
    public Task FiniteEnumerations() => QuietAsync(
        App("""
        app.MapGet("/rows", (Rows rows) => rows.AsAsyncEnumerable());
        app.MapGet("/events", (Rows rows, CancellationToken stop) => TypedResults.ServerSentEvents(rows.StreamAsync(stop)));
        app.MapGet("/lines", async (HttpContext context, Rows rows) =>
        {
            context.Response.ContentType = "application/x-ndjson";
            await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(context.RequestAborted))
                await context.Response.WriteAsync(row);
        });
        """) + """


        class Rows
        {
            public async IAsyncEnumerable<string> AsAsyncEnumerable()
            {
                await Task.Yield();
                yield return "a";
            }

            public async IAsyncEnumerable<string> StreamAsync([EnumeratorCancellation] CancellationToken stop)
            {
                for (var i = 0; i < 10; i++)
                {
                    yield return "a";
                    await Task.Delay(100, stop);
                }
            }
        }
        """);

    [Fact]
    public Task ACopyEndsWithItsSource() => QuietAsync(
        App("""
        app.MapGet("/copy", async (HttpContext context, Stream source) =>
        {
            var buffer = new byte[4096];
            while (true)
            {
                var count = await source.ReadAsync(buffer, context.RequestAborted);
                if (count == 0)
                    break;
                await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
            }
        });
        app.MapGet("/model", async (HttpContext context, StreamReader reader) =>
        {
            context.Response.ContentType = "text/event-stream";
            while (await reader.ReadLineAsync(context.RequestAborted) is { } line)
                await context.Response.WriteAsync(line, context.RequestAborted);
        });
        """));

    [Fact]
    public Task RetriesAndBoundedPolls() => QuietAsync(
        App("""
        app.MapGet("/retry", async (CancellationToken stop, HttpClient client) =>
        {
            while (true)
            {
                try
                {
                    return await client.GetStringAsync("/", stop);
                }
                catch (HttpRequestException)
                {
                    await Task.Delay(100, stop);
                }
            }
        });
        app.MapGet("/poll", async (CancellationToken stop) =>
        {
            for (var tries = 0; tries < 10 && !stop.IsCancellationRequested; tries++)
                await Task.Delay(100, stop);
        });
        app.MapGet("/deadline", async (HttpContext context) =>
        {
            var deadline = DateTime.UtcNow.AddSeconds(10);
            while (!context.RequestAborted.IsCancellationRequested)
            {
                if (DateTime.UtcNow > deadline)
                    break;
                await context.Response.WriteAsync("data: 1\n\n");
                await Task.Delay(100, context.RequestAborted);
            }
        });
        """));

    [Fact]
    public Task AProxyBetweenTwoSockets() => QuietAsync(
        App("""
        app.Map("/proxy", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            using var upstream = new ClientWebSocket();
            await upstream.ConnectAsync(new Uri("ws://upstream"), context.RequestAborted);
            await Task.WhenAny(Pump(socket, upstream, context.RequestAborted), Pump(upstream, socket, context.RequestAborted));
        });

        static async Task Pump(WebSocket from, WebSocket to, CancellationToken stop)
        {
            var buffer = new byte[1024];
            while (from.State == WebSocketState.Open)
            {
                var result = await from.ReceiveAsync(buffer, stop);
                await to.SendAsync(buffer.AsMemory(0, result.Count), result.MessageType, result.EndOfMessage, stop);
            }
        }
        """));

    [Fact]
    public Task AClientsSocket() => QuietAsync(
        """
        using System.Net.WebSockets;

        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddHostedService<Listener>();
        builder.Build().Run();

        class Listener : BackgroundService
        {
            protected override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                using var socket = new ClientWebSocket();
                var buffer = new byte[1024];
                while (socket.State == WebSocketState.Open)
                    await socket.ReceiveAsync(buffer, stoppingToken);
            }
        }
        """);

    [Fact]
    public Task HubStreams() => QuietAsync(
        """
        using System.Collections.Generic;
        using System.Runtime.CompilerServices;
        using System.Threading;
        using System.Threading.Tasks;
        using Microsoft.AspNetCore.SignalR;

        public class Ticks : Hub
        {
            public async IAsyncEnumerable<int> Count([EnumeratorCancellation] CancellationToken stop)
            {
                while (!stop.IsCancellationRequested)
                {
                    yield return 1;
                    await Task.Delay(1000, stop);
                }
            }
        }
        """,
        Library);

    [Fact]
    public Task RequestTimeouts() => QuietAsync(
        App("""
        app.MapGet("/events", async (HttpContext context) =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
                await Task.Delay(1000, context.RequestAborted);
        }).WithRequestTimeout(TimeSpan.FromSeconds(10));
        """));

    [Fact]
    public Task HostedServicesAndUploadsAreNotStreams() => QuietAsync(
        """
        using System.Collections.Generic;
        using System.Threading;
        using System.Threading.Tasks;
        using Grpc.Core;
        using Microsoft.Extensions.Hosting;

        public class Worker : BackgroundService
        {
            protected override async Task ExecuteAsync(CancellationToken stoppingToken)
            {
                while (!stoppingToken.IsCancellationRequested)
                    await Task.Delay(1000, stoppingToken);
            }
        }

        public class Files
        {
            public async Task<string> Upload(IAsyncStreamReader<string> requestStream, ServerCallContext context)
            {
                await foreach (var line in requestStream.ReadAllAsync(context.CancellationToken))
                    await Task.Yield();
                return "";
            }
        }
        """,
        code => { Grpc(code); Library(code); });

    [Fact]
    public Task TestProjects() => QuietAsync(
        App("""
        app.MapGet("/events", async (HttpContext context) =>
        {
            while (true)
                await Task.Delay(1000, context.RequestAborted);
        });
        """),
        code => code.GlobalConfig.Add("build_property.IsTestProject = true"));

    /// <summary>A broker's feed has no end; rows that a package returns have one.</summary>
    [Fact]
    public Task SubscriptionsOfPackages() => ReportsAsync(
        """
        using NATS.Client.Core;
        using StackExchange.Redis;

        var app = WebApplication.CreateBuilder(args).Build();
        app.MapGet("/nats", async (HttpContext context, INatsConnection nats) =>
        {
            [|await foreach (var message in nats.SubscribeAsync<string>("orders", cancellationToken: context.RequestAborted))|]
                await context.Response.WriteAsync($"data: {message.Data}\n\n", context.RequestAborted);
        });
        app.MapGet("/redis", async (HttpContext context, IConnectionMultiplexer redis) =>
        {
            var queue = await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal("orders"));
            [|await foreach (var message in queue.WithCancellation(context.RequestAborted))|]
                await context.Response.WriteAsync($"data: {message.Message}\n\n", context.RequestAborted);
        });
        app.MapGet("/keys", async (HttpContext context, IServer server) =>
        {
            await foreach (var key in server.KeysAsync().WithCancellation(context.RequestAborted))
                await context.Response.WriteAsync(key.ToString(), context.RequestAborted);
        });
        app.Run();
        """,
        code => code.MoreReferences.AddRange([.. References.Pools, .. References.Clients]));

    /// <summary>A helper that is given the socket alone, as the framework's own guide writes it.</summary>
    [Fact]
    public Task WebSocketHelperThatIsGivenNoToken() => FixesAsync(
        App("""
        app.Use(async (context, next) =>
        {
            if (context.WebSockets.IsWebSocketRequest)
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                await Echo(socket);
            }
            else
            {
                await next(context);
            }
        });
        app.Map("/chat", async (HttpContext http) => await Echo(await http.WebSockets.AcceptWebSocketAsync()));

        static async Task Echo(WebSocket socket)
        {
            var buffer = new byte[4096];
            var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
            [|while (!received.CloseStatus.HasValue)|]
            {
                await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, CancellationToken.None);
                received = await socket.ReceiveAsync(buffer, CancellationToken.None);
            }
        }
        """),
        App("""
        app.Use(async (context, next) =>
        {
            if (context.WebSockets.IsWebSocketRequest)
            {
                using var socket = await context.WebSockets.AcceptWebSocketAsync();
                await Echo(socket, context.GetDrainToken());
            }
            else
            {
                await next(context);
            }
        });
        app.Map("/chat", async (HttpContext http) => await Echo(await http.WebSockets.AcceptWebSocketAsync(), http.GetDrainToken()));

        static async Task Echo(WebSocket socket, CancellationToken cancellationToken)
        {
            var buffer = new byte[4096];
            var received = await socket.ReceiveAsync(buffer, CancellationToken.None);
            while (!received.CloseStatus.HasValue)
            {
                await socket.SendAsync(buffer.AsMemory(0, received.Count), received.MessageType, received.EndOfMessage, CancellationToken.None);
                received = await socket.ReceiveAsync(buffer, cancellationToken);
            }
        }
        """));

    [Fact]
    public Task PrivateHelperOfAMiddlewareThatIsGivenNoToken() => FixesAsync(
        """
        using System.Net.WebSockets;

        public sealed class ChatMiddleware(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext context)
            {
                if (context.WebSockets.IsWebSocketRequest)
                    await ReceiveAsync(await context.WebSockets.AcceptWebSocketAsync(), count => Console.WriteLine(count));
                else
                    await next(context);
            }

            private static async Task ReceiveAsync(WebSocket socket, Action<int> handle)
            {
                var buffer = new byte[4096];
                [|while (socket.State == WebSocketState.Open)|]
                    handle((await socket.ReceiveAsync(buffer, CancellationToken.None)).Count);
            }
        }
        """,
        """
        using System.Net.WebSockets;

        public sealed class ChatMiddleware(RequestDelegate next)
        {
            public async Task InvokeAsync(HttpContext context)
            {
                if (context.WebSockets.IsWebSocketRequest)
                    await ReceiveAsync(await context.WebSockets.AcceptWebSocketAsync(), count => Console.WriteLine(count), context.GetDrainToken());
                else
                    await next(context);
            }

            private static async Task ReceiveAsync(WebSocket socket, Action<int> handle, CancellationToken cancellationToken)
            {
                var buffer = new byte[4096];
                while (socket.State == WebSocketState.Open)
                    handle((await socket.ReceiveAsync(buffer, cancellationToken)).Count);
            }
        }
        """,
        Library);

    /// <summary>A caller without a request, and a helper that is used as a delegate.</summary>
    [Theory]
    [InlineData("app.Map(\"/a\", async (HttpContext http) => await Echo(await http.WebSockets.AcceptWebSocketAsync())); await Echo(Made.Socket);")]
    [InlineData("app.Map(\"/a\", async (HttpContext http) => await Echo(await http.WebSockets.AcceptWebSocketAsync())); Func<WebSocket, Task> echo = Echo; Console.WriteLine(echo);")]
    public Task HelpersThatOthersUse(string uses) => OffersNoFixAsync(
        App($$"""
        {{uses}}

        static async Task Echo(WebSocket socket)
        {
            var buffer = new byte[4096];
            [|while (socket.State == WebSocketState.Open)|]
                await socket.ReceiveAsync(buffer, CancellationToken.None);
        }
        """),
        code => code.OtherFiles.Add(("Made.cs", "public static class Made { public static System.Net.WebSockets.WebSocket Socket => null!; }")));

    // ---- no fix

    [Fact]
    public Task NothingToReplace() => OffersNoFixAsync(
        App("""
        app.MapGet("/events", async (HttpContext context) =>
        {
            [|while (true)|]
            {
                await context.Response.WriteAsync("data: 1\n\n");
                await Task.Delay(1000);
            }
        });
        """));

    [Fact]
    public Task WithoutTheRuntimeNoFix() => OffersNoFixAsync(
        App("""
        app.MapGet("/events", async (HttpContext context) =>
        {
            [|while (true)|]
                await Task.Delay(1000, context.RequestAborted);
        });
        """),
        code => code.Runtime = false);

    [Fact]
    public Task NoRequestInReach() => OffersNoFixAsync(
        """
        using System.Threading;
        using System.Threading.Tasks;
        using Microsoft.AspNetCore.Builder;

        public class Feed
        {
            public void Map(WebApplication app) => app.MapGet("/events", StreamAsync);

            public async Task StreamAsync(CancellationToken stop)
            {
                [|while (!stop.IsCancellationRequested)|]
                    await Task.Delay(1000, stop);
            }
        }
        """,
        Library);

    /// <summary>A lambda has no name to look its callers up by.</summary>
    [Fact]
    public Task LambdaThatIsNoHandler() => QuietAsync(App("""
        static async IAsyncEnumerable<int> Prices([EnumeratorCancellation] CancellationToken token)
        {
            while (true)
            {
                yield return 1;
                await Task.Delay(200, token);
            }
        }

        var make = (CancellationToken token) => TypedResults.ServerSentEvents(Prices(token));
        Console.WriteLine(make);
        """));

    [Theory]
    [InlineData("app.MapGet(\"/\", async (HttpContext context) => { while (!context.) { await } });")]
    [InlineData("app.MapGet(\"/\", async (CancellationToken) => { await foreach (var x in Unknown(token)) });")]
    [InlineData("app.MapGet(\"/\", (CancellationToken t) => TypedResults.ServerSentEvents(Missing(t, );")]
    [InlineData("async IAsyncEnumerable<int> F(CancellationToken t) { await foreach (var x in F(t)) yield return x; } app.MapGet(\"/\", (CancellationToken t) => F(t));")]
    public Task BrokenCode(string body) => NeverThrowsAsync(App(body));
}
