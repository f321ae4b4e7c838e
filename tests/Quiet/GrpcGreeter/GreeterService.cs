using Grpc.Core;
using ShutdownAnalyzers.Runtime;

namespace Quiet.GrpcGreeter;

internal sealed class GreeterService(IGracefulShutdown shutdown) : Greeter.GreeterBase
{
    public override Task<Greeting> Greet(Name request, ServerCallContext context) =>
        Task.FromResult(new Greeting { Text = $"Hello {request.Text}" });

    public override async Task Watch(Name request, IServerStreamWriter<Greeting> responseStream, ServerCallContext context)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, shutdown.Draining);
        while (!stop.IsCancellationRequested)
        {
            await responseStream.WriteAsync(new Greeting { Text = $"Still here, {request.Text}" }, stop.Token);
            await Task.Delay(1000, stop.Token);
        }
    }
}
